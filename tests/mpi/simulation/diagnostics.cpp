#include "observe/diagnostics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <utility>

#include "core/even_split.hpp"
#include "laws/rotation.hpp"
#include "world.hpp"

namespace orrery::test {
namespace {

double value_of(std::int64_t item) {
  return std::ldexp(1.0 + 1e-3 * static_cast<double>(item), static_cast<int>(item % 90) - 45);
}

std::vector<double> diagnostics_over(const Communicator& ranks, std::int64_t count) {
  const Range mine = EvenSplit(count, ranks.size()).part(ranks.rank());
  std::vector<QuantityTotals> totals(3);
  for (std::int64_t item = mine.begin; item < mine.end; ++item) {
    for (auto& total : totals) {
      total.least = std::min(total.least, value_of(item));
      total.most = std::max(total.most, value_of(item));
      total.sum.add(value_of(item));
    }
  }
  return diagnostics_of(RotationLaw(), totals, count, ranks);
}

TEST(Diagnostics, HaveTheSameBitsOnAllRanksTogetherAndOnOneAlone) {
  const auto alone = [&] {
    // Every rank takes part in making every single-rank group, and keeps its own.
    std::optional<Communicator> own;
    for (int rank = 0; rank < world().size(); ++rank) {
      auto group = world().subset(std::array{rank});
      if (group) own.emplace(std::move(*group));
    }
    return own;
  }();
  for (const std::int64_t count : {1, 3, 1000}) {
    const auto together = diagnostics_over(world(), count);
    const auto by_one = diagnostics_over(*alone, count);
    EXPECT_EQ(together.size(), 5U);
    EXPECT_EQ(by_one.size(), 5U);
    for (std::size_t index = 0; index < together.size(); ++index) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(together[index]), std::bit_cast<std::uint64_t>(by_one[index]))
          << index;
    }
  }
}

TEST(Diagnostics, AreZeroWithoutParticles) {
  for (const double value : diagnostics_over(world(), 0)) EXPECT_EQ(value, 0.0);
}

}  // namespace
}  // namespace orrery::test
