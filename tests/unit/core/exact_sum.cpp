#include "core/exact_sum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace orrery {
namespace {

double sum_of(const std::vector<double>& terms) {
  ExactSum sum;
  for (const double term : terms) sum.add(term);
  return sum.value();
}

TEST(ExactSum, KeepsWhatFloatingAdditionLoses) {
  EXPECT_EQ(sum_of({1e300, 1.0, -1e300}), 1.0);
  EXPECT_EQ(sum_of({1.0, 0x1p-60, 0x1p-60, -1.0}), 0x1p-59);
}

TEST(ExactSum, ReturnsSingleTermsUnchanged) {
  const auto denormal = std::numeric_limits<double>::denorm_min();
  const auto largest = std::numeric_limits<double>::max();
  for (const double term :
       {0.0, 1.0, -1.0, 0.1, -0.1, 1e-300, denormal, -denormal, largest, -largest, 0x1.fffffffffffffp0}) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(sum_of({term})), std::bit_cast<std::uint64_t>(term)) << term;
  }
}

TEST(ExactSum, RoundsToNearestEven) {
  EXPECT_EQ(sum_of({1.0, 0x1p-53}), 1.0);
  EXPECT_EQ(sum_of({1.0, 0x1p-53, 0x1p-105}), 1.0 + 0x1p-52);
  EXPECT_EQ(sum_of({1.0 + 0x1p-52, 0x1p-53}), 1.0 + 0x1p-51);
  EXPECT_EQ(sum_of({-1.0, -0x1p-53, -0x1p-200}), -1.0 - 0x1p-52);
}

TEST(ExactSum, AgreesWithWideIntegersForNumbersOfOneScale) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 100; ++round) {
    ExactSum sum;
    std::int64_t whole = 0;  // in units of 2^-30: below 2^53 all the way
    for (int term = 0; term < 1000; ++term) {
      const auto units = static_cast<std::int64_t>(random() % (1ULL << 40)) - (1LL << 39);
      whole += units;
      sum.add(static_cast<double>(units) * 0x1p-30);
    }
    EXPECT_EQ(sum.value(), static_cast<double>(whole) * 0x1p-30);
  }
}

TEST(ExactSum, DoesNotDependOnOrderOrGrouping) {
  std::mt19937_64 random(2);
  std::vector<double> terms;
  for (int term = 0; term < 5000; ++term) {
    const double mantissa = static_cast<double>(static_cast<std::int64_t>(random())) * 0x1p-63;
    terms.push_back(std::ldexp(mantissa, static_cast<int>(random() % 600) - 300));
  }
  const double expected = sum_of(terms);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(terms.begin(), terms.end(), random);
    ExactSum left;
    ExactSum right;
    const std::size_t cut = random() % terms.size();
    for (std::size_t index = 0; index < terms.size(); ++index) (index < cut ? left : right).add(terms[index]);
    left.add(right);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(left.value()), std::bit_cast<std::uint64_t>(expected));
  }
}

TEST(ExactSum, SurvivesTheWayThroughItsDigits) {
  ExactSum left;
  ExactSum right;
  for (const double term : {1e10, -3.5, 1e-200}) left.add(term);
  for (const double term : {-1e10, 7.25, 1e200}) right.add(term);
  auto digits = left.digits();
  const auto more = right.digits();
  for (std::size_t digit = 0; digit < digits.size(); ++digit) digits[digit] += more[digit];
  left.add(right);
  EXPECT_EQ(ExactSum::from_digits(digits).value(), left.value());
}

}  // namespace
}  // namespace orrery
