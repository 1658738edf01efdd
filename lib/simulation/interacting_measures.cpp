#include <algorithm>
#include <array>
#include <cstdint>

#include "comm/exact_total.hpp"
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

}  // namespace

MotionMeasures InteractingMotion::measure() const {
  MotionMeasures measures;
  // Pairs were counted from both sides.
  measures.potential_energy = 0.5 * sum_over(ranks_, totals_.energy, forces_.energy_unit());
  const double virial = 0.5 * sum_over(ranks_, totals_.virial, forces_.energy_unit());
  ExactSum squares;
  std::array<ExactSum, 3> velocities;
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    double square = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double velocity = displacement_[width * row + axis] / settings_.step;
      velocities[axis].add(velocity);
      square += velocity * velocity;
    }
    squares.add(square);
  }
  measures.kinetic_energy = 0.5 * settings_.mass * sum_over(ranks_, squares).value();
  for (std::size_t axis = 0; axis < 3; ++axis)
    measures.momentum[axis] = settings_.mass * sum_over(ranks_, velocities[axis]).value();
  measures.angular_momentum = angular_momentum();
  const bool keeps_momentum = std::all_of(box_.boundary.begin(), box_.boundary.begin() + box_.axes,
                                          [](Boundary boundary) { return boundary != Boundary::reflect; });
  const double freedoms =
      box_.axes * static_cast<double>(count_) - (keeps_momentum && !langevin_ ? box_.axes : 0);
  if (freedoms > 0.0) measures.temperature = 2.0 * measures.kinetic_energy / freedoms;
  measures.pressure = (2.0 * measures.kinetic_energy + virial) / (box_.axes * box_.volume());
  return measures;
}

/// About the origin; zero unless all sides are open, as there is none to speak of then. Collective.
std::array<double, 3> InteractingMotion::angular_momentum() const {
  std::array<double, 3> result{};
  const bool is_open = std::all_of(box_.boundary.begin(), box_.boundary.begin() + box_.axes,
                                   [](Boundary boundary) { return boundary == Boundary::open; });
  if (!is_open) return result;
  std::array<ExactSum, 3> sums;
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    const double* const x = rows_.position(row);
    const double* const u = displacement_.data() + width * row;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::size_t next = (axis + 1) % 3, last = (axis + 2) % 3;
      sums[axis].add(x[next] * u[last]);
      sums[axis].add(-x[last] * u[next]);
    }
  }
  for (std::size_t axis = 0; axis < 3; ++axis)
    result[axis] = settings_.mass / settings_.step * sum_over(ranks_, sums[axis]).value();
  return result;
}

}  // namespace orrery
