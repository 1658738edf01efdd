/// Space cut into cells, so that the neighbours of a particle are found in the cells around it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/types.hpp"

namespace orrery {

/// Least and greatest coordinates along each axis [length]; of nothing, +infinity and -infinity.
struct Bounds {
  std::array<double, 3> low;
  std::array<double, 3> high;

  static Bounds of_nothing();
  /// Of `count` rows of four numbers.
  static Bounds of_rows(const double* rows, std::size_t count, int threads = 1);
  bool empty() const { return !(low[0] <= high[0]); }
  /// Square of the distance between two boxes [length^2]; infinite if either is empty.
  double distance2(const Bounds& other) const;
};

class CellGrid {
public:
  /// Around nothing.
  CellGrid() = default;
  /// Cells around a set of particles, with room for those that are up to `reach` away from any of them.
  /// @param reach  within which neighbours are looked for [length]
  /// @param count  of particles; there are not many more cells than that, and fewer than 2^31
  CellGrid(const Bounds& particles, double reach, std::size_t count);

  /// Numbers of cells are below this.
  std::int64_t cells() const { return (cells_[1] + strip - 1) / strip * strip * cells_[0] * cells_[2]; }
  std::int64_t cells_along(std::size_t axis) const { return cells_[axis]; }
  /// How many cells away a neighbour may be.
  std::int64_t span(std::size_t axis) const { return span_[axis]; }

  /// Length of a cell; 0 where there is but one.
  double edge(std::size_t axis) const { return per_length_[axis] > 0.0 ? 1.0 / per_length_[axis] : 0.0; }
  /// Length of all cells.
  double extent(std::size_t axis) const { return static_cast<double>(cells_[axis]) * edge(axis); }
  /// The middle of all.
  Vec3 middle() const {
    return {origin_[0] + 0.5 * extent(0), origin_[1] + 0.5 * extent(1), origin_[2] + 0.5 * extent(2)};
  }

  /// Cell number of a position along an axis; outside of [0, cells_along) where it is too far away to matter.
  std::int64_t along(std::size_t axis, double coordinate) const {
    const double place = (coordinate - origin_[axis]) * per_length_[axis];
    // Also for what is not a number.
    if (!(place >= 0.0 && place < static_cast<double>(cells_[axis]))) return -1;
    return static_cast<std::int64_t>(place);
  }
  /// Number of a position's cell; -1 outside of the grid.
  std::int64_t cell_of(const double* position) const;
  /// x runs fastest, then y in strips of some rows, then z: what is near in space is near in memory, while
  /// cells along x stay neighbours.
  std::int64_t cell(std::int64_t x, std::int64_t y, std::int64_t z) const {
    return ((y / strip * cells_[2] + z) * strip + y % strip) * cells_[0] + x;
  }

private:
  void lay_out(const Bounds& particles, double reach, double edge);

  /// Rows of cells; of 256,000 particles of a liquid, two layers of a strip and its neighbours fill 0.3 MB.
  static constexpr std::int64_t strip = 4;

  std::array<double, 3> origin_{};
  std::array<double, 3> per_length_{};
  std::array<std::int64_t, 3> cells_{1, 1, 1};
  std::array<std::int64_t, 3> span_{0, 0, 0};
};

/// Rows in the order of their cells.
struct CellOrder {
  std::vector<std::int32_t> rows;  ///< row numbers, those of a cell in ascending order; without those outside
  std::vector<std::int32_t> begin;  ///< where the rows of each cell begin, shape (cells + 1)
  /// Kept so that sorting again needs no memory: the cell of each row, and for each thread and cell, how many
  /// of the thread's rows there are, and then where the next of them goes.
  std::vector<std::int32_t> cell_of_row, next;

  std::size_t bytes() const {
    return (rows.capacity() + begin.capacity() + cell_of_row.capacity() + next.capacity()) *
           sizeof(std::int32_t);
  }
};

/// @param rows     `count` rows of four numbers
/// @param order    set on return
/// @param threads  at most
void order_by_cell(const CellGrid& grid, const double* rows, std::size_t count, CellOrder& order,
                   int threads = 1);
CellOrder order_by_cell(const CellGrid& grid, const double* rows, std::size_t count);

}  // namespace orrery
