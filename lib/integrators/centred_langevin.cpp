#include "integrators/centred_langevin.hpp"

#include <algorithm>
#include <cmath>

#include "core/fixed_point.hpp"
#include "particles/noise.hpp"

namespace orrery {
namespace {

constexpr std::size_t row_width = 4;
/// Particles whose noise is drawn at a time.
constexpr std::size_t block = 256;

/// Units of the grid per length.
double scale_of(double magic) {
  return rounding_magic / magic;
}

}  // namespace

Drift mix_in_bath(const VerletRows& rows, const VerletConstants& constants, const LangevinConstants& bath,
                  const MassTable& masses, Range range, int half_kicks, std::int64_t step,
                  std::span<const ParticleId> ids, MomentumSums& sums) {
  Drift drift;
  std::array<std::array<double, block>, 3> noise;
  const NoiseStream stream{
      .seed = bath.seed, .purpose = Purpose::thermostat, .step = static_cast<std::uint64_t>(step)};
  const double scale = scale_of(constants.displacement_magic);
  const auto end = static_cast<std::size_t>(range.end);
  for (auto first = static_cast<std::size_t>(range.begin); first < end; first += block) {
    const std::size_t count = std::min(block, end - first);
    draw_noise(stream, ids.subspan(first, count), {noise[0].data(), noise[1].data(), noise[2].data()});
    for (std::size_t index = 0; index < count; ++index) {
      const std::size_t row = first + index;
      const double half_kick = rows.displacement[row_width * row + 3];
      const std::size_t species = masses.species_of(half_kick);
      for (std::size_t axis = 0; axis < static_cast<std::size_t>(bath.axes); ++axis) {
        const std::size_t at = row_width * row + axis;
        const double change = round_to_grid(
            half_kick *
                static_cast<double>(unbiased(rows.force + row_width * row, axis, constants.force_bias)),
            constants.displacement_magic);
        double u = rows.displacement[at] + half_kicks * change, x = rows.position[at];
        x += round_to_grid(0.5 * u, constants.position_magic);
        const double wall = constants.walls[axis];
        reflect(x, u, wall);
        const double mixed = round_to_grid(bath.keep * u + bath.noise[species] * noise[axis][index],
                                           constants.displacement_magic);
        rows.displacement[at] = mixed;
        rows.position[at] = x;
        const bool in_range = std::abs(change) < constants.most_displacement &&
                              std::abs(u) < constants.most_displacement &&
                              std::abs(mixed) < constants.most_displacement;
        drift.in_range &= in_range;
        if (!in_range) continue;  // the run ends, and integers could not hold it
        sums.add(species, axis, static_cast<std::int64_t>((wall > 0.0 ? mixed - u : mixed) * scale));
      }
    }
  }
  return drift;
}

Drift drift_without(const VerletRows& rows, const VerletConstants& constants, int axes, const Vec3& too_much,
                    Range range) {
  Drift drift;
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    double distance2 = 0.0;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis) {
      const std::size_t at = row_width * row + axis;
      double u = rows.displacement[at] - too_much[axis], x = rows.position[at];
      x += round_to_grid(0.5 * u, constants.position_magic);
      reflect(x, u, constants.walls[axis]);
      drift.in_range &= std::abs(u) < constants.most_displacement;
      rows.displacement[at] = u;
      rows.position[at] = x;
      const double moved = x - rows.reference[at];
      distance2 += moved * moved;
    }
    drift.most2 = std::max(drift.most2, distance2);
  }
  return drift;
}

void add_momentum(const VerletRows& rows, const VerletConstants& constants, int axes, const MassTable& masses,
                  Range range, MomentumSums& sums) {
  const double scale = scale_of(constants.displacement_magic);
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    const double* const u = rows.displacement + row_width * row;
    const std::size_t species = masses.species_of(u[3]);
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
      sums.add(species, axis, static_cast<std::int64_t>(u[axis] * scale));
  }
}

}  // namespace orrery
