/// Noise for every particle and step, such as a thermostat's.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/types.hpp"
#include "particles/random_numbers.hpp"

namespace orrery {

/// What noise is keyed by, beside the id.
struct NoiseStream {
  std::uint64_t seed = 0;
  Purpose purpose = Purpose::thermostat;
  std::uint64_t step = 0;  ///< below 2^56
};

/// The most that a number of `noise` can be: the square root of 3.
inline constexpr double most_noise = 0x1.bb67ae8584caap0;

/// Three numbers of mean 0 and variance 1, uniform in [-sqrt 3, sqrt 3], that have nothing to do with each
/// other or with those of any other id, step, purpose or seed. Uniform noise is enough for Langevin's
/// equation to weak order: B. Duenweg, W. Paul, Int. J. Mod. Phys. C 2, 817 (1991).
///
/// Each is made of 32 random bits w of one block of Philox4x32-10: (w - (2^31 - 1/2)) sqrt(3) / 2^31, rounded
/// once. The mean is exactly 0, the variance 1 - 2^-64 but for rounding.
Vec3 noise(const NoiseStream& stream, ParticleId id);

/// The same, bit for bit, for many particles at once.
/// @param out  a column for each axis, shape (ids); an axis without one is left out
void draw_noise(const NoiseStream& stream, std::span<const ParticleId> ids,
                const std::array<double*, 3>& out);

}  // namespace orrery
