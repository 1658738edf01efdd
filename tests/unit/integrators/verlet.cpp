#include "integrators/verlet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/aligned_vector.hpp"
#include "core/fixed_point.hpp"
#include "core/instruction_set.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = 4;
constexpr std::size_t axes = 3;
constexpr std::array<double, 3> half_kicks{0x1p-54 * 1.1, 0x1p-57 * 1.7, 0x1p-51 * 1.3};

struct Rows {
  AlignedVector<double> position, displacement, reference;
  AlignedVector<std::int64_t> force;

  VerletRows view() { return {position.data(), displacement.data(), force.data(), reference.data()}; }
};

constexpr FixedPoint force_unit{36};

/// Particles near and beyond the walls, and forces with biases that were added more often than subtracted, or
/// less. Half kicks are those of different masses, one so large that a grid would show it.
Rows random_rows(std::size_t count) {
  std::mt19937_64 random(11);
  Rows rows;
  for (std::size_t row = 0; row < count; ++row) {
    const auto times = static_cast<std::int64_t>(random() % 200) - 100;
    for (std::size_t axis = 0; axis < width; ++axis) {
      const bool is_axis = axis < axes;
      const auto number = [&](double scale) {
        return is_axis ? scale * (static_cast<double>(random() >> 20) * 0x1p-43 - 1.0) : 0.0;
      };
      rows.position.push_back(is_axis ? 1.0 + number(1.0) : 0.0);
      rows.displacement.push_back(is_axis ? number(0.1) : half_kicks[row % half_kicks.size()]);
      rows.reference.push_back(rows.position.back() + number(0.01));
      const auto force = static_cast<std::uint64_t>(random() >> 14) - (std::uint64_t{1} << 49);
      rows.force.push_back(
          is_axis ? static_cast<std::int64_t>(force + static_cast<std::uint64_t>(times) * force_unit.bias())
                  : times);
    }
  }
  return rows;
}

VerletConstants constants() {
  return {.displacement_magic = rounding_magic * 0x1p-48,
          .position_magic = rounding_magic * 0x1p-45,
          .force_bias = force_unit.bias(),
          .most_displacement = 2.5,
          .walls = {2.0, 0.0, 1.9}};
}

/// One component, as `verlet.hpp` says.
void step_one(const VerletConstants& c, double half_kick, const std::int64_t* force, std::size_t axis,
              double kicks, double& x, double& u) {
  const double change = round_to_grid(half_kick * static_cast<double>(unbiased(force, axis, c.force_bias)),
                                      c.displacement_magic);
  u += kicks * change;
  x += round_to_grid(u, c.position_magic);
  const double wall = c.walls[axis];
  if (!(wall > 0.0) || (x >= 0.0 && x <= wall)) return;
  x = x < 0.0 ? -x : wall + (wall - x);
  u = -u;
}

bool same_bits(const AlignedVector<double>& a, const AlignedVector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double left, double right) {
    return std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right);
  });
}

TEST(Verlet, HasTheSameBitsInRegistersOfAnySize) {
  const VerletConstants c = constants();
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    for (const Range range : {Range{0, 41}, {1, 40}, {3, 4}, {5, 5}}) {
      for (const int kicks : {1, 2}) {
        Rows expected = random_rows(41), found = expected;
        double most2 = 0.0;
        for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end);
             ++row) {
          double moved2 = 0.0;
          for (std::size_t at = width * row; at < width * row + axes; ++at) {
            step_one(c, expected.displacement[width * row + axes], expected.force.data() + width * row,
                     at - width * row, kicks, expected.position[at], expected.displacement[at]);
            moved2 += std::pow(expected.position[at] - expected.reference[at], 2);
          }
          most2 = std::max(most2, moved2);
        }
        const Drift drift = kick_and_drift(found.view(), c, range, kicks);
        EXPECT_TRUE(drift.in_range) << set;
        EXPECT_DOUBLE_EQ(drift.most2, most2) << set;
        EXPECT_TRUE(same_bits(expected.position, found.position)) << set << " from " << range.begin;
        EXPECT_TRUE(same_bits(expected.displacement, found.displacement)) << set << " from " << range.begin;
      }
    }
  }
  choose_instruction_set("auto");
}

/// Along one axis after the other where there are accelerations: none of them may be seen in the bits.
TEST(Verlet, AddsAccelerationsToForces) {
  VerletConstants c = constants();
  c.half_step2 = 0x1p-12 * 1.3;
  for (const bool are_zero : {true, false}) {
    Rows expected = random_rows(41), found = expected;
    std::vector<double> acceleration(3 * 41);
    for (std::size_t at = 0; at < acceleration.size(); ++at)
      acceleration[at] = are_zero ? 0.0 : std::sin(static_cast<double>(at));
    VerletRows view = found.view();
    view.acceleration = acceleration.data();
    if (are_zero) {
      EXPECT_TRUE(kick_and_drift(expected.view(), c, {0, 41}, 2).in_range);
      EXPECT_TRUE(kick(expected.view(), c, {0, 41}));
    } else {
      for (std::size_t row = 0; row < 41; ++row) {
        const std::int64_t* const force = expected.force.data() + width * row;
        for (std::size_t axis = 0; axis < axes; ++axis) {
          double& u = expected.displacement[width * row + axis];
          double& x = expected.position[width * row + axis];
          const double by_pairs = expected.displacement[width * row + axes] *
                                  static_cast<double>(unbiased(force, axis, c.force_bias));
          const double change =
              round_to_grid(by_pairs + c.half_step2 * acceleration[3 * row + axis], c.displacement_magic);
          // A step whose force is nothing but this change.
          u += 2.0 * change;
          const std::array<std::int64_t, width> nothing{};
          step_one(c, 0.0, nothing.data(), axis, 1.0, x, u);
          u += change;
        }
      }
    }
    EXPECT_TRUE(kick_and_drift(view, c, {0, 41}, 2).in_range);
    EXPECT_TRUE(kick(view, c, {0, 41}));
    EXPECT_TRUE(same_bits(expected.position, found.position)) << are_zero;
    EXPECT_TRUE(same_bits(expected.displacement, found.displacement)) << are_zero;
  }
}

/// Half kicks are no displacements: they may be as large as the units make them, and stay what they are.
TEST(Verlet, LeavesHalfKicksAlone) {
  const VerletConstants c = constants();
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    Rows rows = random_rows(11);
    std::fill(rows.force.begin(), rows.force.end(), 0);
    for (std::size_t row = 0; row < 11; ++row) rows.displacement[width * row + axes] = 1e9 + 0.1;
    EXPECT_TRUE(kick_and_drift(rows.view(), c, {0, 11}, 2).in_range) << set;
    EXPECT_TRUE(kick(rows.view(), c, {0, 11})) << set;
    for (std::size_t row = 0; row < 11; ++row) {
      EXPECT_EQ(rows.displacement[width * row + axes], 1e9 + 0.1) << set;
      EXPECT_EQ(rows.position[width * row + axes], 0.0) << set;
    }
  }
  choose_instruction_set("auto");
}

TEST(Verlet, TellsWhenADisplacementIsBeyondItsBound) {
  const VerletConstants c = constants();
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    for (const double bad : {2.6, -3.0, std::numeric_limits<double>::quiet_NaN()}) {
      for (const std::size_t row : {0U, 7U, 10U}) {
        Rows rows = random_rows(11);
        EXPECT_TRUE(kick(rows.view(), c, {0, 11})) << set;
        rows.displacement[width * row + 2] = bad;
        EXPECT_FALSE(kick(rows.view(), c, {0, 11})) << set << " row " << row;
        EXPECT_FALSE(kick_and_drift(rows.view(), c, {0, 11}, 2).in_range) << set << " row " << row;
      }
    }
  }
  choose_instruction_set("auto");
}

}  // namespace
}  // namespace orrery
