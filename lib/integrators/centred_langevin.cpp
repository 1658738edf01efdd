#include "integrators/centred_langevin.hpp"

#include <algorithm>
#include <cmath>

#include "core/fixed_point.hpp"
#include "integrators/axis_motion.hpp"
#include "integrators/noise_blocks.hpp"

namespace orrery {
namespace {

/// Units of the grid per length.
double scale_of(double magic) {
  return rounding_magic / magic;
}

/// @tparam Axis  how a coordinate is moved
/// @param noise  of the rows
template <class Axis>
void mix_rows(const VerletRows& rows, const VerletConstants& constants, const LangevinConstants& bath,
              const MassTable& masses, std::size_t first, std::size_t count, int half_kicks,
              const BlockNoise& noise, MomentumSums& sums, Drift& drift) {
  const double scale = scale_of(constants.displacement_magic);
  for (std::size_t index = 0; index < count; ++index) {
    const std::size_t row = first + index;
    const std::size_t species = masses.alike(rows.species_of(row));
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(bath.axes); ++axis) {
      Axis moving(rows, constants, row, axis);
      moving.kick(half_kicks);
      moving.drift(0.5);
      const double before = moving.whole_displacement();
      const bool was_in_range = moving.in_range();
      moving.set_displacement(bath.keep * moving.displacement() + bath.noise[species] * noise[axis][index]);
      moving.store();
      const bool in_range = was_in_range && moving.in_range();
      drift.in_range &= in_range;
      if (!in_range) continue;  // the run ends, and integers could not hold it
      const double mixed = moving.whole_displacement();
      const double added = constants.walls[axis] > 0.0 ? mixed - before : mixed;
      sums.add(species, axis, static_cast<std::int64_t>(added * scale));
    }
  }
}

template <class Axis>
Drift drift_rows_without(const VerletRows& rows, const VerletConstants& constants, int axes,
                         const Vec3& too_much, Range range) {
  Drift drift;
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    double distance2 = 0.0;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis) {
      Axis moving(rows, constants, row, axis);
      moving.add_to_displacement(-too_much[axis]);
      moving.drift(0.5);
      drift.in_range &= moving.in_range();
      moving.store();
      distance2 += moving.moved() * moving.moved();
    }
    drift.most2 = std::max(drift.most2, distance2);
  }
  return drift;
}

}  // namespace

Drift mix_in_bath(const VerletRows& rows, const VerletConstants& constants, const LangevinConstants& bath,
                  const MassTable& masses, Range range, int half_kicks, std::int64_t step,
                  std::span<const ParticleId> ids, MomentumSums& sums) {
  Drift drift;
  in_noise_blocks(bath, range, step, ids, [&](std::size_t first, std::size_t count, const BlockNoise& noise) {
    if (rows.rest != nullptr) {
      mix_rows<CarriedAxis>(rows, constants, bath, masses, first, count, half_kicks, noise, sums, drift);
    } else {
      mix_rows<PlainAxis>(rows, constants, bath, masses, first, count, half_kicks, noise, sums, drift);
    }
  });
  return drift;
}

Drift drift_without(const VerletRows& rows, const VerletConstants& constants, int axes, const Vec3& too_much,
                    Range range) {
  return rows.rest != nullptr ? drift_rows_without<CarriedAxis>(rows, constants, axes, too_much, range)
                              : drift_rows_without<PlainAxis>(rows, constants, axes, too_much, range);
}

void add_momentum(const VerletRows& rows, const VerletConstants& constants, int axes, const MassTable& masses,
                  Range range, MomentumSums& sums) {
  const double scale = scale_of(constants.displacement_magic);
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    const double* const u = rows.displacement + verlet_row_width * row;
    const std::size_t species = masses.alike(rows.species_of(row));
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
      sums.add(species, axis, static_cast<std::int64_t>(u[axis] * scale));
  }
}

}  // namespace orrery
