#include "integrators/langevin.hpp"

#include <algorithm>
#include <cmath>

#include "core/fixed_point.hpp"
#include "integrators/axis_motion.hpp"
#include "integrators/noise_blocks.hpp"

namespace orrery {
namespace {

/// Kicks and moves particles within the bath, one step: see the header.
/// @tparam Axis    how a coordinate is moved
/// @param noise    of the rows, shape (3, count)
template <class Axis>
void step_rows(const VerletRows& rows, const VerletConstants& constants, const LangevinConstants& bath,
               const MassTable& masses, std::size_t first, std::size_t count, int half_kicks,
               const BlockNoise& noise, Drift& drift) {
  for (std::size_t index = 0; index < count; ++index) {
    const std::size_t row = first + index;
    const double strength = bath.noise[masses.alike(rows.species_of(row))];
    double distance2 = 0.0;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(bath.axes); ++axis) {
      Axis moving(rows, constants, row, axis);
      moving.kick(half_kicks);
      moving.drift(0.5);
      moving.set_displacement(bath.keep * moving.displacement() + strength * noise[axis][index]);
      moving.drift(0.5);
      drift.in_range &= moving.in_range();
      moving.store();
      distance2 += moving.moved() * moving.moved();
    }
    drift.most2 = std::max(drift.most2, distance2);
  }
}

}  // namespace

LangevinConstants langevin_constants(int axes, std::uint64_t seed, double temperature, double friction,
                                     const MassTable& masses, double step) {
  LangevinConstants constants{.axes = axes, .seed = seed, .keep = std::exp(-friction * step), .noise = {}};
  const double lost = 1.0 - constants.keep * constants.keep;
  for (std::size_t species = 0; species < masses.species(); ++species)
    constants.noise.push_back(std::sqrt(lost * temperature / masses.mass(species)) * step);
  return constants;
}

Drift kick_and_drift_in_bath(const VerletRows& rows, const VerletConstants& constants,
                             const LangevinConstants& bath, const MassTable& masses, Range range,
                             int half_kicks, std::int64_t step, std::span<const ParticleId> ids) {
  Drift drift;
  in_noise_blocks(bath, range, step, ids, [&](std::size_t first, std::size_t count, const BlockNoise& noise) {
    if (rows.rest != nullptr) {
      step_rows<CarriedAxis>(rows, constants, bath, masses, first, count, half_kicks, noise, drift);
    } else {
      step_rows<PlainAxis>(rows, constants, bath, masses, first, count, half_kicks, noise, drift);
    }
  });
  return drift;
}

}  // namespace orrery
