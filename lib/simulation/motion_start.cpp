#include "simulation/motion_start.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "comm/exact_total.hpp"
#include "core/error.hpp"
#include "core/even_split.hpp"
#include "core/fixed_point.hpp"
#include "core/number_text.hpp"
#include "simulation/motion_failures.hpp"
#include "simulation/motion_grids.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;

/// Forces of so few units are what rounding leaves of forces that cancel.
constexpr double least_force_units = 1024.0;

/// Puts one particle where it begins. Local.
void place(MotionState& state, const RowsById& rows, std::size_t row) {
  Particles& particles = state.rows.particles();
  const std::int64_t index = state.index_of(row);
  if (state.species) particles.data(*state.species)[row] = rows.species.empty() ? 0 : rows.species[row];
  if (state.id)
    particles.data(*state.id)[row] =
        rows.names.empty() ? ParticleId{static_cast<std::uint64_t>(index)} : rows.names[row];
  state.set_half_kick(row);
  double* const displacement = state.displacement_of(row);
  double* const position = state.rows.position(row);
  if (!std::isnormal(displacement[3])) throw mass_out_of_range(index);
  std::fill_n(position, width, 0.0);
  std::fill_n(displacement, 3, 0.0);
  if (state.rest) std::fill_n(state.rests_of(row), rests_of_row, 0.0);
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(state.box.axes); ++axis) {
    const double x = rows.position[axis][row], u = rows.velocity[axis][row] * state.time_step;
    const StartingAxis limits = state.starting_axis(axis);
    const auto start = starting_place(x, limits);
    if (!start) {
      throw FactualError(ExitCode::input_data,
                         std::string(particle_slots[0]) + " begins at " +
                             to_text(x + state.box.origin[axis]) +
                             no_starting_place(x, limits, state.box.origin[axis]),
                         {.kind = FailureKind::begins_outside, .particles = {index, -1}});
    }
    if (!(std::abs(u) < state.verlet.most_displacement)) {
      throw FactualError(ExitCode::simulation_failed,
                         std::string(particle_slots[0]) + " begins with a velocity of " +
                             to_text(rows.velocity[axis][row]) + ", which takes it farther than " +
                             (state.has_pairs ? "the cut-off" : "the shortest edge of the box") +
                             " in one step; use a smaller time.step",
                         {.kind = FailureKind::begins_too_fast, .particles = {index, -1}});
    }
    position[axis] = start->coordinate;
    displacement[axis] = round_to_grid(u, state.verlet.displacement_magic);
    if (!state.rest) continue;
    state.rests_of(row)[axis] = round_to_grid(start->rest, state.verlet.rest_magic);
    state.rests_of(row)[displacement_rests + axis] =
        round_to_grid(u - displacement[axis], state.verlet.rest_magic);
  }
}

/// Of the half kick of a particle by fields and by a force of pairs in units of their fixed point [length^2].
double square_of_kick(const MotionState& state, std::size_t row, const Vec3& force) {
  const double* const acceleration = state.rows.particles().data(*state.acceleration) + 3 * row;
  double square = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double kick =
        state.displacement_of(row)[3] * force[axis] + state.verlet.half_step2 * acceleration[axis];
    square += kick * kick;
  }
  constexpr double most = 0x1p1000;  // what is beyond, or no number, ends the run in its first step
  return square < most ? square : most;
}

/// How particles begin to move, by the velocities that they came with and the first forces. Collective.
StartingMotion starting_motion(const Communicator& ranks, const MotionState& state,
                               const MotionSettings& settings, const RowsById& rows) {
  const double unit = position_grid(state.box).unit(), steps = static_cast<double>(settings.steps);
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
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(state.box.axes); ++axis) {
      const double u = rows.velocity[axis][row] * state.time_step;
      square += u * u;
    }
    const double size = std::sqrt(square);
    if (size == 0.0 || !(steps * size >= unit)) continue;
    add(0, square);
    least = std::min(least, size);
  }
  for (std::size_t row = 0; row < state.rows.owned(); ++row) {
    const double* const u = state.displacement_of(row);
    Vec3 force{};  // of pairs
    double square = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      force[axis] = static_cast<double>(unbiased(state.rows.force(row), axis, state.verlet.force_bias));
      square += force[axis] * force[axis];
    }
    const bool by_pairs = square > least_force_units * least_force_units;
    double kick2 = by_pairs ? square * u[3] * u[3] : 0.0;
    bool by_fields = false;
    if (state.acceleration) {
      const double by_field2 = square_of_kick(state, row, {});
      by_fields = by_field2 > 0.0;
      if (by_fields) add(3, by_field2);
      kick2 = square_of_kick(state, row, by_pairs ? force : Vec3{});
    }
    if (!by_pairs && !by_fields) continue;
    if (u[0] == 0.0 && u[1] == 0.0 && u[2] == 0.0) add(1, kick2);
    add(2, kick2);
  }
  ranks.sum(counts);
  squares = sum_over(ranks, squares);
  double most_inverse = -least;  // the least is the most of the negative
  ranks.maximum(std::span(&most_inverse, 1));
  StartingMotion start{.moving = static_cast<double>(counts[0]),
                       .displacement2 = squares[0].value(),
                       .least_displacement = -most_inverse,
                       .resting = static_cast<double>(counts[1]),
                       .resting_kick2 = squares[1].value(),
                       .pushed = static_cast<double>(counts[2]),
                       .kick2 = squares[2].value(),
                       .in_field = static_cast<double>(counts[3]),
                       .field_kick2 = squares[3].value()};
  if (settings.bath) {
    double heaviest = 0.0;
    for (std::size_t species = 0; species < state.masses.species(); ++species)
      heaviest = std::max(heaviest, state.masses.mass(species));
    start.thermal_displacement = std::sqrt(settings.bath->temperature / heaviest) * state.time_step;
  }
  return start;
}

}  // namespace

void place_particles(const Communicator& ranks, MotionState& state, const RowsById& rows) {
  const Range mine = EvenSplit(state.count, ranks.size()).part(ranks.rank());
  state.resize_owned(static_cast<std::size_t>(mine.size()));
  for (std::size_t row = 0; row < state.rows.owned(); ++row) {
    state.rows.particles().data(state.index)[row] = mine.begin + static_cast<std::int64_t>(row);
    place(state, rows, row);
  }
}

bool must_carry_rests(const Communicator& ranks, const MotionState& state, const MotionSettings& settings,
                      const RowsById& rows) {
  if (settings.steps <= 0) return false;
  const StartingMotion motion = starting_motion(ranks, state, settings, rows);
  if (!needs_rests(motion, state.grids(), settings.steps)) return false;
  const std::string problem = beyond_rests(motion, state.grids());
  ranks.apply([&] {
    if (!problem.empty())
      throw Error(ExitCode::simulation_failed, "particles would be moved wrongly: " + problem);
  });
  return true;
}

}  // namespace orrery
