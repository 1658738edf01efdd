#include "forces/force_terms.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "core/option_set.hpp"
#include "forces/harmonic_trap.hpp"
#include "forces/uniform_gravity.hpp"

namespace orrery {
namespace {

constexpr auto periodic = Boundary::periodic, reflect = Boundary::reflect, open = Boundary::open;

Box box_of(int axes, std::array<Boundary, 3> boundary) {
  return {.axes = axes,
          .lengths = {8.0, 12.0, axes == 3 ? 10.0 : 0.0},
          .boundary = boundary,
          .origin = {-1.0, 2.0, axes == 3 ? 0.5 : 0.0}};
}

/// Force over mass of one particle.
Vec3 acceleration(const ForceTerm& term, const Box& box, const Vec3& place, double mass) {
  Vec3 sums{};
  term.add_accelerations(
      box,
      {.position = {std::span(&place[0], 1), std::span(&place[1], 1), std::span(&place[2], 1)},
       .mass = std::span(&mass, 1)},
      {std::span(&sums[0], 1), std::span(&sums[1], 1), std::span(&sums[2], 1)});
  return sums;
}

UniformGravity gravity(std::vector<double> g) {
  UniformGravityOptions options;
  options.gravity.given = static_cast<int>(g.size());
  options.gravity.values = {};
  std::copy(g.begin(), g.end(), options.gravity.values.begin());
  return UniformGravity(options);
}

TEST(ForceTerms, AreMinusTheGradientOfTheirEnergy) {
  HarmonicTrapOptions anisotropic{.stiffness = {{0.5, 2.0, 3.0}, 3},
                                  .centre = PerAxis<double>{{0.0, 9.0, 3.0}, 3}};
  HarmonicTrapOptions far = anisotropic;  // another image of the same centre along the periodic axis
  far.centre->values[0] -= 24.0;
  const HarmonicTrap trap(anisotropic), same_trap(far), central({.stiffness = PerAxis<double>::all(1.5)});
  const UniformGravity down = gravity({0.25, -2.0, 1.0});
  const double mass = 1.75, little = 1e-5;
  for (const auto& boundary : {std::array{periodic, reflect, open}, std::array{reflect, open, reflect}}) {
    const Box box = box_of(3, boundary);
    for (const ForceTerm* const term : std::vector<const ForceTerm*>{&trap, &central, &down, &same_trap}) {
      for (const Vec3& place : {Vec3{-0.9, 2.1, 0.6}, Vec3{2.5, 11.0, 9.0}, Vec3{6.5, 7.0, 3.0}}) {
        const Vec3 found = acceleration(*term, box, place, mass);
        for (std::size_t axis = 0; axis < 3; ++axis) {
          if (term == &down && boundary[axis] == periodic) continue;  // a fall without an end
          Vec3 before = place, behind = place;
          before[axis] -= little;
          behind[axis] += little;
          const double slope =
              (term->energy(box, behind, mass) - term->energy(box, before, mass)) / (2.0 * little);
          EXPECT_NEAR(mass * found[axis], -slope, 1e-8) << term->name() << ", axis " << axis;
        }
      }
    }
  }
  const Box box = box_of(3, {periodic, reflect, open});
  const Vec3 place{6.5, 7.0, 3.0};
  EXPECT_EQ(acceleration(trap, box, place, mass), acceleration(same_trap, box, place, mass));
}

TEST(HarmonicTrap, DrawsToTheNearestImageOfItsCentre) {
  const HarmonicTrap trap({.stiffness = PerAxis<double>::all(2.0), .centre = PerAxis<double>::all(0.0)});
  const Box ends = box_of(2, {periodic, open, periodic});
  // Along x the box goes from -1 to 7, so that 6 is 2 below the centre's next image.
  EXPECT_EQ(acceleration(trap, ends, {6.0, 6.0, 0.0}, 4.0), (Vec3{1.0, -3.0, 0.0}));
  EXPECT_EQ(trap.energy(ends, {6.0, 6.0, 0.0}, 4.0), 4.0 + 36.0);
  EXPECT_TRUE(trap.keeps_energy(ends));
}

TEST(HarmonicTrap, TakesTheCentreOfTheBoxAndOnlyItsAxes) {
  const HarmonicTrap trap({.stiffness = {{1.0, 0.0, 0.0}, 2}});
  const Box box = box_of(2, {reflect, reflect, periodic});
  EXPECT_EQ(acceleration(trap, box, {4.0, 2.0, 0.0}, 0.5), (Vec3{-2.0, 0.0, 0.0}));
  EXPECT_TRUE(trap.acts_along(0));
  EXPECT_FALSE(trap.acts_along(1));
  EXPECT_EQ(axes_of({&trap}, box), (std::array{true, false, false}));
}

TEST(UniformGravity, IsTheSameForEveryMassAndHasNoEnergyAlongPeriodicAxes) {
  const UniformGravity down = gravity({1.0, -9.81});
  const Box box = box_of(2, {periodic, reflect, periodic});
  EXPECT_EQ(acceleration(down, box, {0.0, 3.0, 0.0}, 7.0), (Vec3{1.0, -9.81, 0.0}));
  EXPECT_EQ(down.energy(box, {5.0, 3.0, 0.0}, 7.0), 7.0 * (9.81 * 3.0));
  EXPECT_FALSE(down.keeps_energy(box));
  EXPECT_TRUE(gravity({0.0, -9.81}).keeps_energy(box));
}

TEST(ForceTerms, ActWhereAnOptionIsNotNoneAndFitTheBox) {
  const auto with = [](const std::string& key, const std::string& value) {
    auto terms = std::make_unique<ForceTerms>();
    OptionSet set;
    terms->describe(set);
    EXPECT_TRUE(set.find(key)->assign(value)) << key << " " << value;
    EXPECT_EQ(set.find(key)->text(), value);
    return terms;
  };
  EXPECT_TRUE(ForceTerms().acting().empty());
  EXPECT_TRUE(with("field.gravity", "none")->acting().empty());
  EXPECT_TRUE(with("field.gravity", "0 0 0")->acting().empty());
  EXPECT_EQ(with("field.trap-stiffness", "0 1")->acting().size(), 1U);
  EXPECT_EQ(with("field.trap-centre", "1 2")->idle_keys().front().first, "field.trap-centre");
  const Box plane = box_of(2, {}), space = box_of(3, {});
  for (const auto& [key, value, fits_plane, fits_space] :
       {std::tuple{"field.gravity", "1", false, false}, std::tuple{"field.gravity", "1 2", true, false},
        std::tuple{"field.gravity", "0 0 -1", false, true},
        std::tuple{"field.trap-stiffness", "3", true, true},
        std::tuple{"field.trap-stiffness", "3 1 0", false, true},
        std::tuple{"field.trap-centre", "3 1", true, false},
        std::tuple{"field.trap-centre", "auto", true, true}}) {
    const auto terms = with(key, value);
    for (const auto& [box, fits] : {std::pair{&plane, fits_plane}, std::pair{&space, fits_space}}) {
      if (fits) {
        EXPECT_NO_THROW(terms->check(*box)) << key << " " << value;
      } else {
        EXPECT_THROW(terms->check(*box), OptionConflict) << key << " " << value;
      }
    }
  }
}

TEST(ForceTerms, TakeNoNumbersThatAreNone) {
  ForceTerms terms;
  OptionSet set;
  terms.describe(set);
  for (const auto* const text : {"nan 0", "0 inf", "1 2 3 4", "1e101 0", "down", ""})
    EXPECT_FALSE(set.find("field.gravity")->assign(text)) << text;
  for (const auto* const text : {"-1", "1 -1", "nan", "inf"})
    EXPECT_FALSE(set.find("field.trap-stiffness")->assign(text)) << text;
  EXPECT_TRUE(terms.acting().empty());
}

}  // namespace
}  // namespace orrery
