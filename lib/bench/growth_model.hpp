/// What a step of a large run is expected to take, from what one of a small run takes.
#pragma once

#include <cstdint>

namespace orrery {

/// A machine of many ranks, as far as steps of particles with short-range pairs are concerned.
struct GrowthMachine {
  double atom_steps_per_second = 0.0;  ///< of a core
  int cores = 8;                       ///< of a rank
  double latency = 2e-6;               ///< of a message [s]
  double bandwidth = 5e9;              ///< of a rank [bytes / s]
  double bytes_per_particle = 0.0;     ///< of memory
};

struct GrowthCase {
  double particles = 0.0;
  double ranks = 1.0;
  double density = 0.8442;  ///< [1 / length^3]
  double reach = 2.8;       ///< cut-off and skin [length]
};

/// Of one rank, whose region is a cube.
struct GrowthEstimate {
  double particles = 0.0;
  double images = 0.0;     ///< particles of others within reach
  double compute = 0.0;    ///< [s]
  double halo = 0.0;       ///< 26 messages, three numbers for each image [s]
  double reduction = 0.0;  ///< [s]
  double memory = 0.0;     ///< of all ranks [bytes]

  double step() const { return compute + halo + reduction; }
};

///     n/(R c) + m alpha + g b / beta + 2 log2(P) alpha,       g = rho ((l + 2 h)^3 - l^3), l = (n /
///     rho)^(1/3)
///
/// with n particles on each of P ranks, m = 26 messages, one to each rank around, and b = 24 bytes for an
/// image. Images are fetched from all sides, so that no force has to be sent back.
GrowthEstimate estimate(const GrowthCase& growth, const GrowthMachine& machine);

}  // namespace orrery
