#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "comm/exact_total.hpp"
#include "particles/degrees_of_freedom.hpp"
#include "simulation/interacting_motion.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;

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

}  // namespace

MotionMeasures InteractingMotion::measure() const {
  MotionMeasures measures;
  // Pairs were counted from both sides.
  measures.potential_energy = 0.5 * sum_over(ranks_, totals_.energy, forces_.energy_unit());
  const double virial = 0.5 * sum_over(ranks_, totals_.virial, forces_.energy_unit());
  std::vector<SpeciesSums> sums(masses_.species());
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    const Vec3 u{exact_displacement(row, 0), exact_displacement(row, 1), exact_displacement(row, 2)};
    sums[masses_.alike(species_of(row))].add(u.data(), settings_.step);
  }
  for (std::size_t species = 0; species < sums.size(); ++species) {
    const double mass = masses_.mass(species);
    measures.kinetic_energy += 0.5 * mass * sum_over(ranks_, sums[species].squares).value();
    for (std::size_t axis = 0; axis < 3; ++axis)
      measures.momentum[axis] += mass * sum_over(ranks_, sums[species].velocities[axis]).value();
  }
  if (!settings_.fields.empty()) measures.field_energy = field_energy();
  measures.angular_momentum = angular_momentum();
  const double freedoms =
      degrees_of_freedom(box_.axes, box_.boundary, count_, bath_takes_momentum(), field_axes());
  if (freedoms > 0.0) measures.temperature = 2.0 * heat(measures) / freedoms;
  measures.pressure = (2.0 * measures.kinetic_energy + virial) / (box_.axes * box_.volume());
  return measures;
}

/// About the origin of coordinates, wherever the box is; zero unless all sides are open, as there is none to
/// speak of then. Collective.
std::array<double, 3> InteractingMotion::angular_momentum() const {
  std::array<double, 3> result{};
  const bool is_open = std::all_of(box_.boundary.begin(), box_.boundary.begin() + box_.axes,
                                   [](Boundary boundary) { return boundary == Boundary::open; });
  if (!is_open) return result;
  std::vector<std::array<ExactSum, 3>> sums(masses_.species());
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    const Vec3 x{exact_position(row, 0) + box_.origin[0], exact_position(row, 1) + box_.origin[1],
                 exact_position(row, 2) + box_.origin[2]};
    const Vec3 u{exact_displacement(row, 0), exact_displacement(row, 1), exact_displacement(row, 2)};
    auto& of_species = sums[masses_.alike(species_of(row))];
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::size_t next = (axis + 1) % 3, last = (axis + 2) % 3;
      of_species[axis].add(x[next] * u[last]);
      of_species[axis].add(-x[last] * u[next]);
    }
  }
  for (std::size_t species = 0; species < sums.size(); ++species)
    for (std::size_t axis = 0; axis < 3; ++axis)
      result[axis] += masses_.mass(species) / settings_.step * sum_over(ranks_, sums[species][axis]).value();
  return result;
}

}  // namespace orrery
