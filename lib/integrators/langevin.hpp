/// Particles in a bath of a temperature: Langevin's equation, in the splitting called BAOAB.
///
///   u <- u + a dt^2 / 2,   x <- x + u / 2,   u <- c u + sqrt(1 - c^2) sqrt(T / m) dt noise,   x <- x + u /
///   2,   ...
///
/// with u = v dt, c = exp(-friction dt), and noise of mean 0 and variance 1. Source: B. Leimkuhler, C.
/// Matthews, Appl. Math. Res. Express 2013, 34; uniform noise is enough (B. Duenweg, W. Paul, Int. J. Mod.
/// Phys. C 2 (1991) 817).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/types.hpp"
#include "integrators/mass_table.hpp"
#include "integrators/verlet.hpp"

namespace orrery {

struct LangevinConstants {
  int axes = 3;
  std::uint64_t seed = 0;
  double keep = 1.0;          ///< what is left of a displacement after a step, c
  std::vector<double> noise;  ///< displacement per step that the bath gives, root mean square [length], of
                              ///< each species
};

/// The constants of a bath. Uses the C library: what one rank worked out goes to all.
/// @param friction  [1 / time], the same for all species
LangevinConstants langevin_constants(int axes, std::uint64_t seed, double temperature, double friction,
                                     const MassTable& masses, double step);

/// Kicks by some half steps' worth of the forces, and drifts by one step within the bath. Local; the calling
/// thread alone.
/// @param step  number of the step, by which noise is told apart
/// @param ids   of the rows, shape (rows)
/// @param masses  that the bath's constants are for
Drift kick_and_drift_in_bath(const VerletRows& rows, const VerletConstants& constants,
                             const LangevinConstants& bath, const MassTable& masses, Range range,
                             int half_kicks, std::int64_t step, std::span<const ParticleId> ids);

}  // namespace orrery
