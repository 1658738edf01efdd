#include "integrators/langevin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/fixed_point.hpp"
#include "particles/noise.hpp"

namespace orrery {
namespace {

constexpr std::size_t row_width = 4;
/// Particles whose noise is drawn at a time.
constexpr std::size_t block = 256;

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
  std::array<std::array<double, block>, 3> noise{};
  const NoiseStream stream{
      .seed = bath.seed, .purpose = Purpose::thermostat, .step = static_cast<std::uint64_t>(step)};
  const auto end = static_cast<std::size_t>(range.end);
  for (auto first = static_cast<std::size_t>(range.begin); first < end; first += block) {
    const std::size_t count = std::min(block, end - first);
    draw_noise(stream, ids.subspan(first, count), {noise[0].data(), noise[1].data(), noise[2].data()});
    for (std::size_t index = 0; index < count; ++index) {
      const std::size_t row = first + index;
      const double half_kick = rows.displacement[row_width * row + 3];
      const double strength = bath.noise[masses.species_of(half_kick)];
      double distance2 = 0.0;
      for (std::size_t axis = 0; axis < static_cast<std::size_t>(bath.axes); ++axis) {
        const std::size_t at = row_width * row + axis;
        const double change = round_to_grid(
            half_kick *
                static_cast<double>(unbiased(rows.force + row_width * row, axis, constants.force_bias)),
            constants.displacement_magic);
        double u = rows.displacement[at] + half_kicks * change, x = rows.position[at];
        x += round_to_grid(0.5 * u, constants.position_magic);
        reflect(x, u, constants.walls[axis]);
        u = round_to_grid(bath.keep * u + strength * noise[axis][index], constants.displacement_magic);
        x += round_to_grid(0.5 * u, constants.position_magic);
        reflect(x, u, constants.walls[axis]);
        drift.in_range &=
            std::abs(change) < constants.most_displacement && std::abs(u) < constants.most_displacement;
        rows.displacement[at] = u;
        rows.position[at] = x;
        const double moved = x - rows.reference[at];
        distance2 += moved * moved;
      }
      drift.most2 = std::max(drift.most2, distance2);
    }
  }
  return drift;
}

}  // namespace orrery
