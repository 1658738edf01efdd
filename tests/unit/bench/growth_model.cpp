#include "bench/growth_model.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

/// Worked out by hand, with bc: 10^6 particles a rank, l = 105.81, ghosts of 2.8 on all sides.
TEST(GrowthModel, AgreesWithAnEstimateByHand) {
  const GrowthMachine machine{.atom_steps_per_second = 8e6, .bytes_per_particle = 300.0};
  const GrowthEstimate found = estimate({.particles = 1e9, .ranks = 1e3}, machine);
  EXPECT_DOUBLE_EQ(found.particles, 1e6);
  EXPECT_NEAR(found.images / found.particles, 0.1673, 5e-4);
  EXPECT_NEAR(found.compute, 15.625e-3, 1e-9);
  EXPECT_NEAR(found.halo, 52e-6 + 0.803e-3, 2e-6);
  EXPECT_NEAR(found.reduction, 39.9e-6, 1e-7);
  EXPECT_DOUBLE_EQ(found.memory, 3e11);
}

TEST(GrowthModel, HasNoReductionOfOneRank) {
  EXPECT_EQ(estimate({.particles = 1e6, .ranks = 1.0}, {.atom_steps_per_second = 1e6}).reduction, 0.0);
}

}  // namespace
}  // namespace orrery
