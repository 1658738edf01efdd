#include "core/number_text.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

TEST(ParseDouble, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_double("1e-5"), 1e-5);
  EXPECT_EQ(parse_double("-0.5"), -0.5);
  EXPECT_EQ(parse_double("+2"), 2.0);
  for (const char* text :
       {"", "x", "1x", "1 ", " 1", "1,5", "nan", "inf", "-inf", "1e999", "0x10", "+-1", "--1"}) {
    EXPECT_FALSE(parse_double(text)) << text;
  }
}

TEST(ParseCount, TakesWholeNumbersAndWholeExponents) {
  EXPECT_EQ(parse_count("0"), 0U);
  EXPECT_EQ(parse_count("18446744073709551615"), 18446744073709551615U);
  EXPECT_EQ(parse_count("1e7"), 10'000'000U);
  for (const char* text : {"", "-1", "1.5", "1e-1", "18446744073709551616x", "1e300"})
    EXPECT_FALSE(parse_count(text)) << text;
}

TEST(ToText, ReadsBackAsTheSameNumber) {
  for (const double value : {0.1, 1e-5, 0.30000000000000004, -5e-324, 1.7976931348623157e308}) {
    EXPECT_EQ(parse_double(to_text(value)), value);
  }
  EXPECT_EQ(to_text(0.1), "0.1");
}

TEST(BytesText, UsesTheLargestUnitBelow) {
  EXPECT_EQ(bytes_text(512), "512 B");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(bytes_text(240e6), "228.9 MiB");
}

TEST(DurationText, ReadsLikeAClock) {
  EXPECT_EQ(duration_text(5e-5), "50 us");
  EXPECT_EQ(duration_text(0.0032), "3.2 ms");
  EXPECT_EQ(duration_text(14.2), "14.2 s");
  EXPECT_EQ(duration_text(125), "2 min 05 s");
  EXPECT_EQ(duration_text(7500), "2 h 05 min");
}

}  // namespace
}  // namespace orrery
