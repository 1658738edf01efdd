#include "distances/tile.hpp"

#include <algorithm>

namespace orrery {

std::vector<Tile> triangle_tiles(std::int64_t points, int workers) {
  const std::int64_t rows = std::clamp<std::int64_t>(points / (16 * std::int64_t{workers}), 16, 512);
  std::vector<Tile> tiles;
  for (std::int64_t row = 0; row < points; row += rows) {
    const Range row_range{row, std::min(row + rows, points)};
    for (std::int64_t column = row / tile_columns * tile_columns; column < points; column += tile_columns) {
      const Range column_range{column, std::min(column + tile_columns, points)};
      if (column_range.end > row + 1) tiles.push_back({row_range, column_range, true});
    }
  }
  return tiles;
}

}  // namespace orrery
