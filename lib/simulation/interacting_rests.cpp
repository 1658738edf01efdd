// What the grids of positions and displacements round, where it is carried along.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "comm/exact_total.hpp"
#include "core/error.hpp"
#include "core/fixed_point.hpp"
#include "simulation/interacting_motion.hpp"
#include "simulation/motion_grids.hpp"

namespace orrery {
namespace {

/// Forces of so few units are what rounding leaves of forces that cancel.
constexpr double least_force_units = 1024.0;

}  // namespace

double InteractingMotion::exact_position(std::size_t row, std::size_t axis) const {
  const double x = rows_.position(row)[axis];
  return rest_ ? x + rests_of(row)[axis] : x;
}

double InteractingMotion::exact_displacement(std::size_t row, std::size_t axis) const {
  const double u = displacement_of(row)[axis];
  return rest_ ? u + rests_of(row)[displacement_rests + axis] : u;
}

MotionGrids InteractingMotion::grids() const {
  return {.position = position_grid(box_), .displacement = displacement_grid(bound_), .scale = bound_};
}

/// How particles begin to move, by the velocities that they came with and the first forces. Collective.
StartingMotion InteractingMotion::starting_motion(const RowsById& rows) const {
  const double unit = position_grid(box_).unit(), steps = static_cast<double>(settings_.steps);
  // Of displacements, of kicks of particles at rest, of all kicks, of those by fields.
  std::array<ExactSum, 4> squares;
  std::array<std::int64_t, 4> counts{};
  double least = std::numeric_limits<double>::infinity();
  const auto add = [&](std::size_t kind, double square) {
    squares[kind].add(square);
    ++counts[kind];
  };
  for (std::size_t row = 0; row < rows.velocity[0].size(); ++row) {
    double square = 0.0;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(box_.axes); ++axis) {
      const double u = rows.velocity[axis][row] * settings_.step;
      square += u * u;
    }
    const double size = std::sqrt(square);
    if (size == 0.0 || !(steps * size >= unit)) continue;
    add(0, square);
    least = std::min(least, size);
  }
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    const double* const u = displacement_of(row);
    Vec3 force{};  // of pairs
    double square = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      force[axis] = static_cast<double>(unbiased(rows_.force(row), axis, verlet_.force_bias));
      square += force[axis] * force[axis];
    }
    const bool by_pairs = square > least_force_units * least_force_units;
    double kick2 = by_pairs ? square * u[3] * u[3] : 0.0;
    bool by_fields = false;
    if (has_fields()) {
      const double by_field2 = square_of_kick(row, {});
      by_fields = by_field2 > 0.0;
      if (by_fields) add(3, by_field2);
      kick2 = square_of_kick(row, by_pairs ? force : Vec3{});
    }
    if (!by_pairs && !by_fields) continue;
    if (u[0] == 0.0 && u[1] == 0.0 && u[2] == 0.0) add(1, kick2);
    add(2, kick2);
  }
  ranks_.sum(counts);
  squares = sum_over(ranks_, squares);
  double most_inverse = -least;  // the least is the most of the negative
  ranks_.maximum(std::span(&most_inverse, 1));
  StartingMotion start{.moving = static_cast<double>(counts[0]),
                       .displacement2 = squares[0].value(),
                       .least_displacement = -most_inverse,
                       .resting = static_cast<double>(counts[1]),
                       .resting_kick2 = squares[1].value(),
                       .pushed = static_cast<double>(counts[2]),
                       .kick2 = squares[2].value(),
                       .in_field = static_cast<double>(counts[3]),
                       .field_kick2 = squares[3].value()};
  if (settings_.bath) {
    double heaviest = 0.0;
    for (std::size_t species = 0; species < masses_.species(); ++species)
      heaviest = std::max(heaviest, masses_.mass(species));
    start.thermal_displacement = std::sqrt(settings_.bath->temperature / heaviest) * settings_.step;
  }
  return start;
}

/// Begins anew with rests where the grids are too coarse for the motion. Collective.
void InteractingMotion::decide_on_rests(const RowsById& rows) {
  if (settings_.steps <= 0) return;
  const StartingMotion motion = starting_motion(rows);
  if (!needs_rests(motion, grids(), settings_.steps)) return;
  const std::string problem = beyond_rests(motion, grids());
  ranks_.apply([&] {
    if (!problem.empty())
      throw Error(ExitCode::simulation_failed, "particles would be moved wrongly: " + problem);
  });
  rest_ = rows_.particles().declare<double>(
      {.name = "rest", .components = static_cast<int>(rests_of_row), .unit = "length"});
  start(rows);
}

}  // namespace orrery
