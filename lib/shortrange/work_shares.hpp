/// How a rank's particles are cut into shares for its threads.
#pragma once

#include <vector>

#include "core/types.hpp"
#include "shortrange/cell_grid.hpp"

namespace orrery {

/// Cuts particles in the order of their cells into shares of about as much work, since where they are dense
/// each has more neighbours; into shares of as many particles, where these are nearly as even. How many
/// neighbours there are is told from the cells before and behind, which stand beside each other in memory: to
/// count all around would take a tenth of the time of the lists. Local.
/// @param shares  >= 1
/// @return `shares` ranges in order, some perhaps empty; together they are all particles
std::vector<Range> cut_by_work(const CellGrid& grid, const CellOrder& particles, int shares);

}  // namespace orrery
