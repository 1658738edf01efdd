#include "integrators/momentum_sums.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

constexpr std::int64_t most = (std::int64_t{1} << 51) - 1;

TEST(MomentumSums, AreWholeHoweverTermsAreGrouped) {
  const MassTable masses({1.0, 8.0}, 0.01, 1.0);
  MomentumSums all(2), part(2), rest(2);
  for (std::int64_t term = 0; term < 1000; ++term) {
    const std::int64_t units = term % 2 == 0 ? most - term : -most;  // 500 most - 249,500 - 500 most
    all.add(1, 2, units);
    (term < 137 ? part : rest).add(1, 2, units);
  }
  part.add(rest);
  EXPECT_EQ(all.momentum(masses, 2), 8.0 * -249'500);
  EXPECT_EQ(part.momentum(masses, 2), 8.0 * -249'500);
  EXPECT_EQ(all.momentum(masses, 0), 0.0);
}

TEST(MomentumSums, HoldWhatNoIntegerOf64BitsDoes) {
  const MassTable masses({0.5}, 0.01, 1.0);
  MomentumSums sums;
  for (int term = 0; term < 1 << 16; ++term) sums.add(0, 1, most);
  EXPECT_EQ(sums.momentum(masses, 1), 0.5 * static_cast<double>(most) * 0x1p16);
  // Halves of several ranks are added as they are.
  const std::vector<std::int64_t> mine(sums.halves().begin(), sums.halves().end());
  for (std::size_t at = 0; at < mine.size(); ++at) sums.halves()[at] += mine[at];
  EXPECT_EQ(sums.momentum(masses, 1), static_cast<double>(most) * 0x1p16);
  sums.clear();
  EXPECT_EQ(sums.momentum(masses, 1), 0.0);
}

}  // namespace
}  // namespace orrery
