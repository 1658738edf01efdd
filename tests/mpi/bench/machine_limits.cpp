#include "bench/machine_limits.hpp"

#include <gtest/gtest.h>

#include "world.hpp"

namespace orrery::test {
namespace {

constexpr RepeatRules quick{.repeats = 3, .least_seconds = 0.002, .most_seconds = 0.02};
constexpr std::size_t few_bytes = std::size_t{1} << 22;

/// Wide enough for any machine of the last and next decade, for several ranks on a core, and for builds
/// without optimisation.
TEST(MachineLimits, ArePlausible) {
  const MachineLimits limits = measure_limits(world(), 1, quick, few_bytes);
  EXPECT_EQ(limits.threads, 1);
  const double ranks = world().size();
  EXPECT_GT(limits[Limit::divider].median * ranks, 0.05);
  EXPECT_LT(limits[Limit::divider].median * ranks, 1000.0);
  EXPECT_GT(limits[Limit::multiply_add].median * ranks, 0.002);
  EXPECT_LT(limits[Limit::multiply_add].median * ranks, 1000.0);
  EXPECT_GT(limits[Limit::memory].median * ranks, 0.0002);  // 5 TB/s
  EXPECT_LT(limits[Limit::memory].median * ranks, 1000.0);
  for (const Limit limit : all_limits) {
    EXPECT_LE(limits[limit].least, limits[limit].median);
    EXPECT_LE(limits[limit].median, limits[limit].most);
  }
}

TEST(MachineLimits, CostAMultiplyAddLessThanADivision) {
  const MachineLimits limits = measure_limits(world(), 1, quick, few_bytes);
  EXPECT_LT(limits[Limit::multiply_add].least, limits[Limit::divider].least);
}

TEST(MachineLimits, TakeAnyNumberOfThreads) {
  const MachineLimits limits = measure_limits(world(), world().is_root() ? 3 : 2, quick, few_bytes);
  EXPECT_EQ(limits.threads, 3);
  EXPECT_GT(limits[Limit::memory].median, 0.0);
}

}  // namespace
}  // namespace orrery::test
