#include "simulation/motion_measures.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "comm/exact_total.hpp"
#include "core/exact_sum.hpp"
#include "particles/degrees_of_freedom.hpp"

namespace orrery {
namespace {

/// The number that an integer of 128 bits, summed over all ranks, stands for. Collective.
double sum_over(const Communicator& ranks, PairTotals::Wide mine, FixedPoint unit) {
  constexpr int low_bits = 32;
  std::array<std::int64_t, 2> parts{static_cast<std::int64_t>(mine >> low_bits),
                                    static_cast<std::int64_t>(mine & 0xFFFFFFFF)};
  ranks.sum(parts);
  const PairTotals::Wide all = (static_cast<PairTotals::Wide>(parts[0]) << low_bits) + parts[1];
  return static_cast<double>(all) * unit.unit();
}

/// Of the particles of one species: sums that are to be multiplied by its mass.
struct SpeciesSums {
  ExactSum squares;  ///< of velocities
  std::array<ExactSum, 3> velocities;

  /// @param u  displacement per step, shape (3)
  void add(const double* u, double step) {
    double square = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double velocity = u[axis] / step;
      velocities[axis].add(velocity);
      square += velocity * velocity;
    }
    squares.add(square);
  }
};

/// About the origin of coordinates, wherever the box is; zero unless all sides are open, as there is none to
/// speak of then. Collective.
std::array<double, 3> angular_momentum(const Communicator& ranks, const MotionState& state) {
  std::array<double, 3> result{};
  const bool is_open = std::all_of(state.box.boundary.begin(), state.box.boundary.begin() + state.box.axes,
                                   [](Boundary boundary) { return boundary == Boundary::open; });
  if (!is_open) return result;
  std::vector<std::array<ExactSum, 3>> sums(state.masses.species());
  for (std::size_t row = 0; row < state.rows.owned(); ++row) {
    const Vec3 x{state.exact_position(row, 0) + state.box.origin[0],
                 state.exact_position(row, 1) + state.box.origin[1],
                 state.exact_position(row, 2) + state.box.origin[2]};
    const Vec3 u{state.exact_displacement(row, 0), state.exact_displacement(row, 1),
                 state.exact_displacement(row, 2)};
    auto& of_species = sums[state.masses.alike(state.species_of(row))];
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::size_t next = (axis + 1) % 3, last = (axis + 2) % 3;
      of_species[axis].add(x[next] * u[last]);
      of_species[axis].add(-x[last] * u[next]);
    }
  }
  for (std::size_t species = 0; species < sums.size(); ++species)
    for (std::size_t axis = 0; axis < 3; ++axis)
      result[axis] +=
          state.masses.mass(species) / state.time_step * sum_over(ranks, sums[species][axis]).value();
  return result;
}

}  // namespace

MotionMeasures measure(const Communicator& ranks, const MotionState& state, const PairEngine& pairs,
                       const FieldForces& fields, const MotionIntegrator& integrator) {
  MotionMeasures measures;
  // Pairs were counted from both sides.
  measures.potential_energy = 0.5 * sum_over(ranks, pairs.totals().energy, pairs.forces().energy_unit());
  const double virial = 0.5 * sum_over(ranks, pairs.totals().virial, pairs.forces().energy_unit());
  std::vector<SpeciesSums> sums(state.masses.species());
  for (std::size_t row = 0; row < state.rows.owned(); ++row) {
    const Vec3 u{state.exact_displacement(row, 0), state.exact_displacement(row, 1),
                 state.exact_displacement(row, 2)};
    sums[state.masses.alike(state.species_of(row))].add(u.data(), state.time_step);
  }
  for (std::size_t species = 0; species < sums.size(); ++species) {
    const double mass = state.masses.mass(species);
    measures.kinetic_energy += 0.5 * mass * sum_over(ranks, sums[species].squares).value();
    for (std::size_t axis = 0; axis < 3; ++axis)
      measures.momentum[axis] += mass * sum_over(ranks, sums[species].velocities[axis]).value();
  }
  if (fields.any()) measures.field_energy = fields.energy(ranks, state);
  measures.angular_momentum = angular_momentum(ranks, state);
  const double freedoms = degrees_of_freedom(state.box.axes, state.box.boundary, state.count,
                                             integrator.takes_momentum(), fields.axes(state.box));
  if (freedoms > 0.0) measures.temperature = 2.0 * integrator.heat(state, measures) / freedoms;
  measures.pressure = (2.0 * measures.kinetic_energy + virial) / (state.box.axes * state.box.volume());
  return measures;
}

}  // namespace orrery
