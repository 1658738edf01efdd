#include "simulation/rest_rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "simulation/motion_grids.hpp"

namespace orrery {
namespace {

using testing::HasSubstr;

MotionGrids grids(double length, Boundary boundary, double cutoff) {
  const Box box{.axes = 2, .lengths = {length, length, 0.0}, .boundary = {boundary, boundary}};
  return {.position = position_grid(box), .displacement = displacement_grid(cutoff), .scale = cutoff};
}

StartingMotion all_with(double displacement, double kick = 0.0) {
  StartingMotion start{.moving = 10.0,
                       .displacement2 = 10.0 * displacement * displacement,
                       .least_displacement = displacement};
  if (kick > 0.0) {
    start.pushed = 10.0;
    start.kick2 = 10.0 * kick * kick;
  }
  return start;
}

StartingMotion at_rest(double kick) {
  return {.resting = 4.0, .resting_kick2 = 4.0 * kick * kick, .pushed = 4.0, .kick2 = 4.0 * kick * kick};
}

TEST(RestRule, LeavesOrdinaryRunsAlone) {
  const MotionGrids liquid = grids(17.0, Boundary::periodic, 2.5);
  EXPECT_FALSE(needs_rests(all_with(5e-3, 1e-4), liquid, 100'000));
  EXPECT_FALSE(needs_rests(all_with(5e-3, 1e-4), liquid, 100'000'000));
  EXPECT_FALSE(needs_rests(all_with(1e-5, 1e-9), liquid, 100'000));
  EXPECT_FALSE(needs_rests(at_rest(1e-5), grids(4.0, Boundary::open, 1.5), 4000));
  EXPECT_FALSE(needs_rests(all_with(5e-3), grids(1000.0, Boundary::open, 1.0), 1'000'000));
  EXPECT_FALSE(needs_rests({}, liquid, 1000));
}

TEST(RestRule, CarriesRestsOfSlowParticles) {
  const MotionGrids large = grids(10'000.0, Boundary::periodic, 1.0);
  EXPECT_TRUE(needs_rests(all_with(1e-8), large, 100));
  EXPECT_FALSE(needs_rests(all_with(1e-4), large, 100));
  // One slow particle among fast ones.
  StartingMotion mixed = all_with(1e-3);
  mixed.least_displacement = 1e-8;
  EXPECT_TRUE(needs_rests(mixed, large, 100));
  mixed.least_displacement = 1e-6;
  EXPECT_FALSE(needs_rests(mixed, large, 100));
}

TEST(RestRule, CarriesRestsWhereManyRoundingsAddUp) {
  const MotionGrids large = grids(10'000.0, Boundary::open, 1.0);
  EXPECT_FALSE(needs_rests(all_with(1e-2), large, 1000));
  EXPECT_TRUE(needs_rests(all_with(1e-2), large, 1'000'000));
}

TEST(RestRule, CarriesRestsOfParticlesThatBeginAtRest) {
  const MotionGrids large = grids(10'000.0, Boundary::periodic, 1.0);
  EXPECT_TRUE(needs_rests(at_rest(1e-12), large, 1000));
  EXPECT_FALSE(needs_rests(at_rest(1e-5), large, 1000));
  EXPECT_FALSE(needs_rests(at_rest(1e-20), large, 1000)) << "which no position shows";
  StartingMotion in_bath = at_rest(1e-12);
  in_bath.thermal_displacement = 1e-3;
  in_bath.pushed = 0.0;
  EXPECT_FALSE(needs_rests(in_bath, large, 1000));
  in_bath.thermal_displacement = 1e-8;
  EXPECT_TRUE(needs_rests(in_bath, large, 1000));
}

TEST(RestRule, CarriesRestsOfKicksThatDisplacementsRoundAway) {
  const MotionGrids liquid = grids(17.0, Boundary::periodic, 2.5);
  EXPECT_TRUE(needs_rests(all_with(1e-6, 5e-12), liquid, 100'000));
  EXPECT_FALSE(needs_rests(all_with(1e-6, 5e-10), liquid, 100'000));
}

TEST(RestRule, CarriesRestsOfKicksByFieldsThatAreRoundedAlikeInEveryStep) {
  const MotionGrids liquid = grids(17.0, Boundary::periodic, 2.5);
  const auto in_field = [](double kick) {
    StartingMotion start = at_rest(1e-3);
    start.in_field = 4.0;
    start.field_kick2 = 4.0 * kick * kick;
    return start;
  };
  // Half a unit of displacements is 2^-50, 8.9e-16.
  EXPECT_TRUE(needs_rests(in_field(1e-8), liquid, 100'000));
  EXPECT_FALSE(needs_rests(in_field(2e-8), liquid, 100'000));
  EXPECT_FALSE(needs_rests(in_field(1e-25), liquid, 100'000)) << "which no position shows";
}

TEST(RestRule, SaysWhatEvenRestsCannotDo) {
  const MotionGrids large = grids(10'000.0, Boundary::periodic, 1.0);
  EXPECT_EQ(beyond_rests(all_with(1e-8), large), "");
  EXPECT_THAT(beyond_rests(all_with(1e-22), large), HasSubstr("moves by 1e-22 in a step"));
  EXPECT_THAT(beyond_rests({}, grids(1e30, Boundary::open, 1e-3)), HasSubstr("smaller box"));
}

TEST(RestRule, KeepsRestsWithinADouble) {
  for (const double length : {1.0, 100.0, 1e4, 1e8}) {
    const MotionGrids some = grids(length, Boundary::open, 1.0);
    EXPECT_LE(some.position.unit() / some.rest().unit(), 0x1p49);
    EXPECT_LE(some.rest().unit(), some.displacement.unit());
  }
}

}  // namespace
}  // namespace orrery
