/// A Langevin bath that leaves the total momentum alone: friction and noise act on velocities relative to the
/// centre of mass.
///
/// The step of friction and noise becomes
///
///   u <- u' - D,    u' = c u + sqrt(1 - c^2) sqrt(T / m) dt noise,    D = (sum of m u' - P) / (sum of m)
///
/// with P the momentum that there is to be. With V the velocity of the centre of mass that is u <- V +
/// c (u - V) + the noise without its weighted mean: Ornstein and Uhlenbeck's process for what is relative to
/// the centre of mass, and nothing for this itself. The sums are over the particles of all ranks, so the step
/// is taken in two parts with one sum of integers between them. The other half steps are those of
/// `integrators/langevin.hpp`.
///
/// D is a multiple of the grid's unit, the same for all. So the velocity of the centre of mass is off by half
/// a unit per step at most, and as P is that of the start, this and the roundings of kicks do not add up.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/types.hpp"
#include "integrators/langevin.hpp"
#include "integrators/mass_table.hpp"
#include "integrators/momentum_sums.hpp"
#include "integrators/verlet.hpp"

namespace orrery {

/// Kicks by some half steps' worth of the forces, drifts by half a step, and takes the step of friction and
/// noise but for D. Local; the calling thread alone.
/// @param sums  added to it is, along an axis without walls, the displacement u' of each particle; along one
///              with walls, where momentum comes and goes, by how much friction and noise changed it
/// @return whether all is in range; particles' distances are for the second part to say
Drift mix_in_bath(const VerletRows& rows, const VerletConstants& constants, const LangevinConstants& bath,
                  const MassTable& masses, Range range, int half_kicks, std::int64_t step,
                  std::span<const ParticleId> ids, MomentumSums& sums);

/// Takes D off, and drifts by the other half of the step. Local; the calling thread alone.
/// @param too_much  D, a multiple of the grid's unit [length]
Drift drift_without(const VerletRows& rows, const VerletConstants& constants, int axes, const Vec3& too_much,
                    Range range);

/// Adds the displacements of some rows.
void add_momentum(const VerletRows& rows, const VerletConstants& constants, int axes, const MassTable& masses,
                  Range range, MomentumSums& sums);

}  // namespace orrery
