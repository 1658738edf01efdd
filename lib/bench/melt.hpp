/// The case that everybody's figures for short-range pairs are about: a melt of Lennard-Jones particles.
#pragma once

#include <cstdint>

#include "comm/communicator.hpp"
#include "particles/box.hpp"
#include "simulation/interacting_motion.hpp"

namespace orrery {

/// Reduced units. An fcc lattice that melts within some hundred steps.
struct Melt {
  static constexpr double density = 0.8442;
  static constexpr double temperature = 1.44;  ///< at the start; about half of it once molten
  static constexpr double step = 0.005;
  static constexpr double cutoff = 2.5;

  /// Unit cells along each axis. @throws Error (usage) where the number of particles fills no cube of cells
  static std::uint64_t cells(std::uint64_t particles);
};

struct MeltStart {
  Box box;
  RowsById rows;  ///< this rank's even part
};

/// Collective. @throws CollectiveError when there is not enough memory
MeltStart draw_melt(std::uint64_t particles, const Communicator& ranks);

}  // namespace orrery
