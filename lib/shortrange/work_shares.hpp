/// How a rank's particles are cut into shares for its threads.
#pragma once

#include <vector>

#include "core/types.hpp"
#include "shortrange/cell_grid.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

/// Cuts particles into shares of about as much work: where they are dense, each has more neighbours. Work is
/// told from how many are in the cells around, before any list is there. Local.
/// @param rows    own particles in the order of their cells
/// @param images  the rows of images that are not mirrored
/// @param shares  >= 1
/// @return `shares` ranges in order, some perhaps empty; together they are all own particles
std::vector<Range> cut_by_work(const CellGrid& grid, const PairRows& rows, const CellOrder& owned,
                               const CellOrder& images, int shares);

}  // namespace orrery
