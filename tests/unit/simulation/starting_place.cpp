#include "simulation/starting_place.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "simulation/motion_grids.hpp"

namespace orrery {
namespace {

using testing::HasSubstr;

StartingAxis axis(Boundary boundary, double length) {
  const Box box{.axes = 2, .lengths = {length, length, 0.0}, .boundary = {boundary, boundary}};
  const Box used = box_in_use(box, PairPrecision::full);
  return {.boundary = boundary,
          .length = used.lengths[0],
          .period = length,
          .farthest = farthest_coordinate(used, PairPrecision::full),
          .grid = position_grid(used)};
}

double place(double coordinate, const StartingAxis& limits) {
  const auto place = starting_place(coordinate, limits);
  return place ? place->coordinate : std::numeric_limits<double>::quiet_NaN();
}

TEST(StartingPlace, OfAnyImageIsBroughtIntoThePeriodicBoxExactly) {
  const StartingAxis limits = axis(Boundary::periodic, 10.0);
  for (const double inside : {0.0, 0x1p-40, 2.5, 7.25, 10.0 - 0x1p-40}) {
    EXPECT_EQ(place(inside, limits), inside);
    for (const double periods : {1.0, -1.0, 3.0, -7.0, 1000.0, -4096.0}) {
      const double image = inside + 10.0 * periods;
      if (image - 10.0 * periods != inside) continue;  // the double is of another place
      EXPECT_EQ(place(image, limits), inside) << image;
    }
  }
  EXPECT_EQ(place(10.0 + 9.0e9, limits), 0.0);
  EXPECT_EQ(place(7.0 - 1.0e9, limits), 7.0);
}

TEST(StartingPlace, TellsWhatRoundingHasLeftOut) {
  const StartingAxis limits = axis(Boundary::periodic, 10'000.0);
  const double unit = limits.grid.unit();
  const auto found = starting_place(0.5 + 0.25 * unit - 10'000.0 * 0.0, limits);
  EXPECT_EQ(found->coordinate, 0.5);
  EXPECT_EQ(found->rest, 0.25 * unit);
  const auto below = starting_place(-0.25 * unit, limits);
  EXPECT_EQ(below->coordinate, 0.0);
  EXPECT_EQ(below->rest, -0.25 * unit);
}

TEST(StartingPlace, IsNeverAtTheUpperEndNorBelowTheLower) {
  for (const double length : {10.0, 10.1, 6.839903786706787, 1e-9, 3e40}) {
    const StartingAxis limits = axis(Boundary::periodic, length);
    const double inf = std::numeric_limits<double>::infinity();
    for (const double relative : {-1e-300, -1e-17, -1e-15, -1e-9, 1.0, 1.0 - 1e-16, 1.0 + 1e-15, -1.0, 2.0}) {
      for (const double towards : {-inf, inf}) {
        const double found = place(std::nextafter(relative * length, towards), limits);
        EXPECT_TRUE(found >= 0.0 && found < limits.length) << relative << " of " << length << ": " << found;
        EXPECT_FALSE(std::signbit(found));
        EXPECT_EQ(std::fmod(found, limits.grid.unit()), 0.0);
      }
    }
  }
}

TEST(StartingPlace, CountsImagesByThePeriodOfWhereTheyComeFrom) {
  // In single precision edges are rounded by up to 2e-9 of them, which adds up over 1,000 periods.
  StartingAxis limits = axis(Boundary::periodic, 10.0);
  limits.length = 10.0 + 0x1p-26;
  EXPECT_EQ(place(10'002.5, limits), 2.5);
}

TEST(StartingPlace, IsRefusedWhereADoubleCannotTellIt) {
  const StartingAxis limits = axis(Boundary::periodic, 10.0);
  EXPECT_FALSE(starting_place(1e11, limits));
  EXPECT_FALSE(starting_place(-1e300, limits));
  EXPECT_FALSE(starting_place(std::numeric_limits<double>::infinity(), limits));
  EXPECT_FALSE(starting_place(std::numeric_limits<double>::quiet_NaN(), limits));
  EXPECT_THAT(no_starting_place(1e17, limits, 0.0), HasSubstr("1e+16 periods of 10 away"));
  EXPECT_THAT(no_starting_place(1e17, limits, 0.0), HasSubstr("no finer than 16"));
}

TEST(StartingPlace, IsPutOnAWallWhenItIsARoundingBeyond) {
  const StartingAxis limits = axis(Boundary::reflect, 10.1);
  EXPECT_EQ(place(static_cast<double>(10.1F), limits), limits.length);
  EXPECT_EQ(place(-1e-9, limits), 0.0);
  EXPECT_EQ(place(limits.length, limits), limits.length);
  EXPECT_FALSE(starting_place(10.1001, limits));
  EXPECT_FALSE(starting_place(-0.0001, limits));
  EXPECT_THAT(no_starting_place(12.0, limits, 0.0), HasSubstr("outside of the box of length 10.1"));
}

TEST(StartingPlace, MayBeAsFarFromAnOpenBoxAsARunMayReach) {
  const StartingAxis limits = axis(Boundary::open, 10.0);
  EXPECT_GE(limits.farthest, 640.0);
  for (const double far : {-35.0, 640.0, -640.0, limits.farthest - 1.0, 1.0 - limits.farthest})
    EXPECT_EQ(place(far, limits), far);
  EXPECT_LT(place(limits.farthest, limits), limits.farthest);
  EXPECT_GT(place(-limits.farthest, limits), -limits.farthest);
  EXPECT_FALSE(starting_place(limits.farthest + 1.0, limits));
  EXPECT_THAT(no_starting_place(1e6, limits, 0.0), HasSubstr("range of 4096"));
}

}  // namespace
}  // namespace orrery
