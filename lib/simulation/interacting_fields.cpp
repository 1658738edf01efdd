// Forces on single particles, and motion without any on pairs.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "comm/exact_total.hpp"
#include "core/even_split.hpp"
#include "core/exact_sum.hpp"
#include "core/in_parts.hpp"
#include "core/number_text.hpp"
#include "core/stopwatch.hpp"
#include "simulation/interacting_motion.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;
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

/// Where fields find a particle: in the box, since which image of it a row has between two lists depends on
/// when they are built; counted from 0; with its rest, if it is carried.
Vec3 InteractingMotion::place_in_field(std::size_t row) const {
  Vec3 place{};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box_.axes); ++axis) {
    place[axis] = wrapped(rows_.position(row)[axis], axis) + box_.origin[axis];
    if (rest_) place[axis] += rests_of(row)[axis];
  }
  return place;
}

/// Sums up the accelerations of own particles, term by term. Local.
void InteractingMotion::compute_fields() {
  const Stopwatch watch;
  double* const acceleration = rows_.particles().data(*acceleration_);
  in_parts(static_cast<std::int64_t>(rows_.owned()), settings_.threads, [&](int, Range range) {
    FieldBlock block;
    const auto end = static_cast<std::size_t>(range.end);
    for (auto first = static_cast<std::size_t>(range.begin); first < end; first += most_in_block) {
      const std::size_t count = std::min(most_in_block, end - first);
      for (std::size_t index = 0; index < count; ++index)
        block.set(index, place_in_field(first + index), mass_of(first + index));
      const ParticleBlock particles = block.particles(count);
      const Accelerations sums = block.sums(count);
      for (const ForceTerm* const term : settings_.fields) term->add_accelerations(box_, particles, sums);
      for (std::size_t index = 0; index < count; ++index)
        for (std::size_t axis = 0; axis < 3; ++axis)
          acceleration[3 * (first + index) + axis] = sums[axis][index];
    }
  });
  times_.fields += watch.seconds();
}

/// Of all particles; infinite where it is beyond the range of double. Collective.
double InteractingMotion::field_energy() const {
  ExactSum sum;
  double beyond = 0.0;
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    for (const ForceTerm* const term : settings_.fields) {
      const double energy = term->energy(box_, place_in_field(row), mass_of(row));
      if (std::isfinite(energy)) {
        sum.add(energy);
      } else {
        beyond = 1.0;
      }
    }
  }
  ranks_.maximum(std::span(&beyond, 1));
  const double all = sum_over(ranks_, sum).value();
  if (beyond > 0.0) return std::numeric_limits<double>::infinity();
  return all;
}

/// Of the half kick of a particle by fields and by a force of pairs in units of their fixed point [length^2].
double InteractingMotion::square_of_kick(std::size_t row, const Vec3& force) const {
  const double* const acceleration = rows_.particles().data(*acceleration_) + 3 * row;
  double square = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double kick = displacement_of(row)[3] * force[axis] + verlet_.half_step2 * acceleration[axis];
    square += kick * kick;
  }
  constexpr double most = 0x1p1000;  // what is beyond, or no number, ends the run in its first step
  return square < most ? square : most;
}

bool InteractingMotion::keeps_energy() const {
  const bool fields_keep_it = std::all_of(settings_.fields.begin(), settings_.fields.end(),
                                          [&](const auto* term) { return term->keeps_energy(box_); });
  return fields_keep_it && !settings_.bath && !forces_.needs_velocities();
}

/// What a rebuild is without pairs, where particles stay on the rank that they began on. Collective.
void InteractingMotion::look_for_particles() {
  ranks_.apply([&] {
    check_range();
    check_walls();
    const std::size_t count = width * rows_.owned();
    std::copy_n(rows_.position(0), count, rows_.particles().data(reference_));
    std::fill_n(rows_.force(0), count, std::int64_t{0});
    const EvenSplit split(static_cast<std::int64_t>(rows_.owned()), settings_.threads);
    shares_.clear();
    for (int share = 0; share < settings_.threads; ++share) shares_.push_back(split.part(share));
  });
  check_all_there();
}

/// What a displacement per step is bounded by, for messages.
std::string InteractingMotion::bound_text() const {
  return (forces_.has_pairs() ? "the cut-off " : "the shortest edge of the box, ") + to_text(bound_);
}

}  // namespace orrery
