/// The case that everybody's figures for the rotation are about.
#pragma once

#include <cstdint>

#include "comm/communicator.hpp"
#include "particles/particle_store.hpp"

namespace orrery {

/// Particles with x, y and speed each uniform in (-1, 1), about the origin, for T = 0.1.
struct RotationCase {
  static constexpr double step = 1e-5;  ///< [time]
  static constexpr std::int64_t steps = 10'000;
};

/// This rank's even share of the particles of the case. Collective; all threads.
/// @throws CollectiveError when there is not enough memory
ParticleStore draw_rotation_case(std::int64_t particles, const Communicator& ranks);

}  // namespace orrery
