#include "bench/spread.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace orrery {
namespace {

TEST(Spread, TakesTheMiddleOfAnOddNumber) {
  const Spread spread = spread_of({5.0, 1.0, 2.0});
  EXPECT_EQ(spread.least, 1.0);
  EXPECT_EQ(spread.median, 2.0);
  EXPECT_EQ(spread.most, 5.0);
  EXPECT_EQ(spread.relative(), 2.0);
}

TEST(Spread, TakesTheMeanOfTheTwoInTheMiddleOfAnEvenNumber) {
  EXPECT_EQ(spread_of({8.0, 1.0, 4.0, 2.0}).median, 3.0);
}

TEST(Spread, OfOneSampleIsNone) {
  const Spread spread = spread_of({3.0});
  EXPECT_EQ(spread.least, 3.0);
  EXPECT_EQ(spread.median, 3.0);
  EXPECT_EQ(spread.relative(), 0.0);
}

TEST(Spread, IsTheSameInAnotherUnit) {
  const Spread spread = spread_of({1.0, 2.0, 5.0}).times(10.0);
  EXPECT_EQ(spread.least, 10.0);
  EXPECT_EQ(spread.median, 20.0);
  EXPECT_EQ(spread.most, 50.0);
  EXPECT_EQ(spread.relative(), 2.0);
}

TEST(Spread, OfNothingIsADefect) {
  EXPECT_THROW(spread_of({}), Error);
}

}  // namespace
}  // namespace orrery
