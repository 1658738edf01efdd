#include "output/interleave.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace orrery {
namespace {

template <class Number>
void expect_rows(std::size_t count, bool with_z) {
  std::vector<double> x(count + 1), y(count + 1), z(count + 1);
  for (std::size_t row = 0; row < count; ++row) {
    x[row] = 0.1 + static_cast<double>(row);
    y[row] = -x[row];
    z[row] = 1e-3 * x[row];
  }
  std::vector<Number> rows(3 * count + 1, Number{77});
  EXPECT_TRUE(interleave({x.data(), y.data(), with_z ? z.data() : nullptr}, count, rows.data()));
  for (std::size_t row = 0; row < count; ++row) {
    EXPECT_EQ(rows[3 * row], static_cast<Number>(x[row]));
    EXPECT_EQ(rows[3 * row + 1], static_cast<Number>(y[row]));
    EXPECT_EQ(rows[3 * row + 2], with_z ? static_cast<Number>(z[row]) : Number{0});
  }
  EXPECT_EQ(rows.back(), Number{77}) << "nothing is written past the end";
}

TEST(Interleave, PutsTheNumbersOfARowSideBySide) {
  for (const std::size_t count : {0U, 1U, 2U, 3U, 4U, 5U, 15U, 64U, 769U}) {
    for (const bool with_z : {false, true}) {
      expect_rows<double>(count, with_z);
      expect_rows<float>(count, with_z);
    }
  }
}

TEST(Interleave, SeesEveryNumberThatIsNotFinite) {
  constexpr std::size_t count = 21;
  std::vector<double> numbers(3 * count, 1.0);
  std::vector<double> rows(3 * count);
  std::vector<float> single(3 * count);
  const ThreeColumns columns{numbers.data(), numbers.data() + count, numbers.data() + 2 * count};
  for (auto& number : numbers) {
    for (const double bad :
         {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
      number = bad;
      EXPECT_FALSE(interleave(columns, count, rows.data()));
      EXPECT_FALSE(interleave(columns, count, single.data()));
    }
    number = 1e300;  // beyond single precision
    EXPECT_TRUE(interleave(columns, count, rows.data()));
    EXPECT_FALSE(interleave(columns, count, single.data()));
    number = 1.0;
  }
}

}  // namespace
}  // namespace orrery
