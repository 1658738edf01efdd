#include "shortrange/cell_grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace orrery {
namespace {

constexpr std::size_t row_width = 4;
/// Cells per reach: smaller cells follow the sphere of neighbours more closely, but there are more of them.
constexpr double cells_per_reach = 1.0;
/// Beside those around the particles.
constexpr double most_cells_per_particle = 8.0;
constexpr double least_cells = 4096.0;

}  // namespace

Bounds Bounds::of_nothing() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return {{infinity, infinity, infinity}, {-infinity, -infinity, -infinity}};
}

Bounds Bounds::of_rows(const double* rows, std::size_t count) {
  Bounds bounds = of_nothing();
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double coordinate = rows[row_width * row + axis];
      bounds.low[axis] = std::min(bounds.low[axis], coordinate);
      bounds.high[axis] = std::max(bounds.high[axis], coordinate);
    }
  }
  return bounds;
}

double Bounds::distance2(const Bounds& other) const {
  if (empty() || other.empty()) return std::numeric_limits<double>::infinity();
  double sum = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double gap = std::max({0.0, low[axis] - other.high[axis], other.low[axis] - high[axis]});
    sum += gap * gap;
  }
  return sum;
}

CellGrid::CellGrid(const Bounds& particles, double reach, std::size_t count) {
  if (particles.empty()) return;
  std::array<double, 3> extent{};
  for (std::size_t axis = 0; axis < 3; ++axis) extent[axis] = particles.high[axis] - particles.low[axis];
  double edge = reach / cells_per_reach;
  // Where particles are few and far between, larger cells do.
  const double most = least_cells + most_cells_per_particle * static_cast<double>(count);
  const auto cells_for = [&extent, reach](double size) {
    double cells = 1.0;
    for (const double length : extent)
      if (length > 0.0) cells *= std::ceil((length + 2.0 * reach) / size) + 1.0;
    return cells;
  };
  while (!(cells_for(edge) <= most)) edge *= 1.25;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!(extent[axis] > 0.0) && axis == 2) continue;  // in the plane: one layer of cells
    const auto margin = static_cast<std::int64_t>(std::ceil(reach / edge));
    span_[axis] = margin;
    per_length_[axis] = 1.0 / edge;
    // Half a cell more on either side, for roundings.
    origin_[axis] = particles.low[axis] - (static_cast<double>(margin) + 0.5) * edge;
    cells_[axis] = static_cast<std::int64_t>(std::floor(extent[axis] / edge)) + 2 * margin + 2;
  }
}

std::int64_t CellGrid::cell_of(const double* position) const {
  const std::int64_t x = along(0, position[0]), y = along(1, position[1]), z = along(2, position[2]);
  return x < 0 || y < 0 || z < 0 ? -1 : cell(x, y, z);
}

void order_by_cell(const CellGrid& grid, const double* rows, std::size_t count, CellOrder& order,
                   int threads) {
  auto& cell_of_row = order.scratch;
  auto& begin = order.begin;
  cell_of_row.resize(count);
  // Rows of cell c are counted at c + 2, so that adding up gives at c + 1 where they begin; placing them
  // moves that to where they end, which is where those of c + 1 begin.
  begin.assign(static_cast<std::size_t>(grid.cells()) + 2, 0);
#pragma omp parallel for schedule(static) num_threads(threads)
  for (std::size_t row = 0; row < count; ++row)
    cell_of_row[row] = static_cast<std::int32_t>(grid.cell_of(rows + row_width * row));
  for (std::size_t row = 0; row < count; ++row) {
    if (cell_of_row[row] >= 0) ++begin[static_cast<std::size_t>(cell_of_row[row]) + 2];
  }
  for (std::size_t cell = 1; cell < begin.size(); ++cell) begin[cell] += begin[cell - 1];
  order.rows.resize(static_cast<std::size_t>(begin.back()));
  for (std::size_t row = 0; row < count; ++row) {
    if (cell_of_row[row] < 0) continue;
    order.rows[static_cast<std::size_t>(begin[static_cast<std::size_t>(cell_of_row[row]) + 1]++)] =
        static_cast<std::int32_t>(row);
  }
  begin.pop_back();
}

CellOrder order_by_cell(const CellGrid& grid, const double* rows, std::size_t count) {
  CellOrder order;
  order_by_cell(grid, rows, count, order);
  return order;
}

}  // namespace orrery
