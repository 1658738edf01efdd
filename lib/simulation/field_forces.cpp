#include "simulation/field_forces.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "comm/exact_total.hpp"
#include "core/exact_sum.hpp"
#include "core/in_parts.hpp"

namespace orrery {
namespace {

/// Columns of so many particles fit into the first-level cache.
constexpr std::size_t most_in_block = 256;

/// Room for a block of particles, and what is summed up for them.
class FieldBlock {
public:
  ParticleBlock particles(std::size_t count) const {
    return {.position = {std::span(position_[0]).first(count), std::span(position_[1]).first(count),
                         std::span(position_[2]).first(count)},
            .mass = std::span(mass_).first(count)};
  }
  Accelerations sums(std::size_t count) {
    for (auto& column : sums_) std::fill_n(column.begin(), count, 0.0);
    return {std::span(sums_[0]).first(count), std::span(sums_[1]).first(count),
            std::span(sums_[2]).first(count)};
  }
  void set(std::size_t index, const Vec3& position, double mass) {
    for (std::size_t axis = 0; axis < 3; ++axis) position_[axis][index] = position[axis];
    mass_[index] = mass;
  }

private:
  using Column = std::array<double, most_in_block>;
  std::array<Column, 3> position_{};
  std::array<Column, 3> sums_{};
  Column mass_{};
};

}  // namespace

bool FieldForces::keep_energy(const Box& box) const {
  return std::all_of(terms_.begin(), terms_.end(), [&](const auto* term) { return term->keeps_energy(box); });
}

void FieldForces::compute(MotionState& state) const {
  double* const acceleration = state.rows.particles().data(*state.acceleration);
  in_parts(static_cast<std::int64_t>(state.rows.owned()), state.threads, [&](int, Range range) {
    FieldBlock block;
    const auto end = static_cast<std::size_t>(range.end);
    for (auto first = static_cast<std::size_t>(range.begin); first < end; first += most_in_block) {
      const std::size_t count = std::min(most_in_block, end - first);
      for (std::size_t index = 0; index < count; ++index)
        block.set(index, state.place_in_field(first + index), state.mass_of(first + index));
      const ParticleBlock particles = block.particles(count);
      const Accelerations sums = block.sums(count);
      for (const ForceTerm* const term : terms_) term->add_accelerations(state.box, particles, sums);
      for (std::size_t index = 0; index < count; ++index)
        for (std::size_t axis = 0; axis < 3; ++axis)
          acceleration[3 * (first + index) + axis] = sums[axis][index];
    }
  });
}

double FieldForces::energy(const Communicator& ranks, const MotionState& state) const {
  ExactSum sum;
  double beyond = 0.0;
  for (std::size_t row = 0; row < state.rows.owned(); ++row) {
    for (const ForceTerm* const term : terms_) {
      const double energy = term->energy(state.box, state.place_in_field(row), state.mass_of(row));
      if (std::isfinite(energy)) {
        sum.add(energy);
      } else {
        beyond = 1.0;
      }
    }
  }
  ranks.maximum(std::span(&beyond, 1));
  const double all = sum_over(ranks, sum).value();
  if (beyond > 0.0) return std::numeric_limits<double>::infinity();
  return all;
}

}  // namespace orrery
