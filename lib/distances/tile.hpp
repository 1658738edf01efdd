/// Pieces of the matrix of all pairs, small enough that the points they need stay in the nearest caches.
#pragma once

#include <cstdint>
#include <vector>

#include "core/types.hpp"

namespace orrery {

struct Tile {
  Range rows;
  Range columns;
  /// Only pairs whose column is above their row belong to it.
  bool above_diagonal = false;
};

/// Points whose coordinates, three to a point, fill the first-level cache.
inline constexpr std::int64_t tile_columns = 1536;

/// Tiles that hold every pair i < j once.
/// @param workers  threads of all ranks: tiles are made small enough for all to have some
std::vector<Tile> triangle_tiles(std::int64_t points, int workers);

}  // namespace orrery
