/// A start without momentum.
#pragma once

#include <span>

#include "comm/communicator.hpp"
#include "simulation/motion_settings.hpp"

namespace orrery {

/// Takes the velocity of the centre of mass off the velocities of all particles, on the grid of
/// displacements: each loses the same whole number of the grid's units, and what that leaves of the momentum
/// is taken off the particles of the lightest species that come first in the order of ids, one unit more from
/// each. The sum of displacements is then exactly zero where all masses are the same; else the momentum is at
/// most half a unit of the lightest species. The same bits on any number of ranks. Collective.
/// @param rows       this rank's even part; velocities are changed
/// @param masses     of the species
/// @param step       time step [time]
/// @param grid_bits  displacements are multiples of 2^-bits
void remove_momentum(const Communicator& ranks, RowsById& rows, int axes, std::span<const double> masses,
                     double step, int grid_bits);

}  // namespace orrery
