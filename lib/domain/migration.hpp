/// Particles that change hands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "comm/communicator.hpp"

namespace orrery {

/// Everything that goes along with a particle.
struct Migrant {
  std::int64_t id = 0;          ///< its place in the order of ids
  std::uint64_t name = 0;       ///< the id that it came with, where noise goes by it
  double position[3] = {};      ///< [length]
  double displacement[3] = {};  ///< per step [length]
  double half_kick = 0.0;       ///< which tells its mass, see `MassTable`
};

/// What goes along with a particle where rests are carried, see `integrators/axis_motion.hpp`.
struct Rests {
  double of[6] = {};
};

/// Sends every particle to a rank and returns those that came here, by the rank they came from and in the
/// order in which it had them. Collective.
/// @param to  shape (particles): the rank that each goes to
std::vector<Migrant> migrate(const Communicator& ranks, std::vector<Migrant> particles,
                             std::span<const int> to);

/// The same for their rests, which arrive in the order of their particles.
std::vector<Rests> migrate(const Communicator& ranks, std::vector<Rests> rests, std::span<const int> to);

}  // namespace orrery
