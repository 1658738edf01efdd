#include "domain/regions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <vector>

#include "simulated_ranks.hpp"

namespace orrery::test {
namespace {

/// Rows of particles anywhere in a box, more of them near its corner.
std::vector<double> particles(std::size_t count, int rank) {
  std::mt19937_64 random(static_cast<std::uint64_t>(rank) + 1);
  const auto uniform = [&random] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  std::vector<double> rows;
  for (std::size_t row = 0; row < count; ++row) {
    const double x = uniform();
    rows.insert(rows.end(), {5.0 * x * x, 3.0 * uniform(), 4.0 * uniform(), 0.0});
  }
  return rows;
}

TEST(Regions, AreTheSameForAnyThreads) {
  constexpr std::size_t count = 10'000;
  run_on_simulated_ranks(5, [](const Communicator& ranks) {
    const std::vector<double> rows = particles(count, ranks.rank());
    const Regions one(ranks, rows.data(), count, 1), three(ranks, rows.data(), count, 1, 3);
    for (std::size_t row = 0; row < count; ++row)
      ASSERT_EQ(one.owner(rows.data() + 4 * row), three.owner(rows.data() + 4 * row)) << row;
  });
}

TEST(Regions, GiveEachOfManyRanksAsManyParticles) {
  constexpr std::size_t count = 100;
  for (const int size : {1, 3, 216, 1000}) {
    std::vector<std::int64_t> owned(static_cast<std::size_t>(size), 0);
    run_on_simulated_ranks(size, [&](const Communicator& ranks) {
      const std::vector<double> rows = particles(count, ranks.rank());
      const Regions regions(ranks, rows.data(), count, 1);
      for (std::size_t row = 0; row < count; ++row)
        ++owned[static_cast<std::size_t>(regions.owner(rows.data() + 4 * row))];
    });
    EXPECT_EQ(std::accumulate(owned.begin(), owned.end(), std::int64_t{0}), size * std::int64_t{count});
    EXPECT_GT(*std::min_element(owned.begin(), owned.end()), 80) << size;
    EXPECT_LT(*std::max_element(owned.begin(), owned.end()), 120) << size;
  }
}

TEST(Regions, NeedNoParticles) {
  run_on_simulated_ranks(7, [](const Communicator& ranks) {
    const Regions regions(ranks, nullptr, 0, 1);
    const std::array<double, 3> somewhere{1.0, -2.0, 3.0};
    const int owner = regions.owner(somewhere.data());
    EXPECT_TRUE(owner >= 0 && owner < 7);
  });
}

}  // namespace
}  // namespace orrery::test
