#include "shortrange/cell_grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/error.hpp"
#include "core/in_parts.hpp"

namespace orrery {
namespace {

constexpr std::size_t row_width = 4;
/// Cells per reach: smaller cells follow the sphere of neighbours more closely, but there are more of them.
constexpr double cells_per_reach = 1.0;
/// Beside those around the particles.
constexpr double most_cells_per_particle = 8.0;
constexpr double least_cells = 4096.0;
/// Numbers of cells have 32 bits.
constexpr std::int64_t most_cells = std::numeric_limits<std::int32_t>::max() - 1;
/// Of rows that are counted side by side.
constexpr std::size_t most_parts = 1024;

}  // namespace

Bounds Bounds::of_nothing() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return {{infinity, infinity, infinity}, {-infinity, -infinity, -infinity}};
}

Bounds Bounds::of_rows(const double* rows, std::size_t count, int threads) {
  std::vector<Bounds> parts(static_cast<std::size_t>(threads), of_nothing());
  in_parts(static_cast<std::int64_t>(count), threads, [&](int part, Range range) {
    Bounds bounds = of_nothing();
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double coordinate = rows[row_width * row + axis];
        bounds.low[axis] = std::min(bounds.low[axis], coordinate);
        bounds.high[axis] = std::max(bounds.high[axis], coordinate);
      }
    }
    parts[static_cast<std::size_t>(part)] = bounds;
  });
  Bounds all = of_nothing();
  for (const Bounds& part : parts) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      all.low[axis] = std::min(all.low[axis], part.low[axis]);
      all.high[axis] = std::max(all.high[axis], part.high[axis]);
    }
  }
  return all;
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
  for (const double length : extent)
    ensure(std::isfinite(length + 2.0 * reach), "cells cover a finite space");
  while (!(cells_for(edge) <= most)) edge *= 1.25;
  lay_out(particles, reach, edge);
  while (cells() > most_cells) lay_out(particles, reach, edge *= 1.25);
}

void CellGrid::lay_out(const Bounds& particles, double reach, double edge) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double extent = particles.high[axis] - particles.low[axis];
    if (!(extent > 0.0) && axis == 2) continue;  // in the plane: one layer of cells
    const auto margin = static_cast<std::int64_t>(std::ceil(reach / edge));
    span_[axis] = margin;
    per_length_[axis] = 1.0 / edge;
    // Half a cell more on either side, for roundings.
    origin_[axis] = particles.low[axis] - (static_cast<double>(margin) + 0.5) * edge;
    cells_[axis] = static_cast<std::int64_t>(std::floor(extent / edge)) + 2 * margin + 2;
  }
}

std::int64_t CellGrid::cell_of(const double* position) const {
  const std::int64_t x = along(0, position[0]), y = along(1, position[1]), z = along(2, position[2]);
  return x < 0 || y < 0 || z < 0 ? -1 : cell(x, y, z);
}

void order_by_cell(const CellGrid& grid, const double* rows, std::size_t count, CellOrder& order,
                   int threads) {
  const auto cells = static_cast<std::size_t>(grid.cells());
  // Each part has a counter for every cell: more counters than rows would take longer than they spare.
  const int parts = std::clamp(static_cast<int>(std::min(count / (cells + 1), most_parts)), 1, threads);
  auto& next = order.next;
  order.cell_of_row.resize(count);
  next.assign(static_cast<std::size_t>(parts) * cells, 0);
  const auto for_rows = [&](const auto& visit) {
    in_parts(static_cast<std::int64_t>(count), parts, [&](int part, Range range) {
      std::int32_t* const mine = next.data() + static_cast<std::size_t>(part) * cells;
      for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row)
        visit(row, mine);
    });
  };
  for_rows([&](std::size_t row, std::int32_t* counts) {
    const std::int64_t cell = grid.cell_of(rows + row_width * row);
    order.cell_of_row[row] = static_cast<std::int32_t>(cell);
    if (cell >= 0) ++counts[cell];
  });
  order.begin.resize(cells + 1);
  std::int32_t placed = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    order.begin[cell] = placed;
    for (std::size_t at = cell; at < next.size(); at += cells) placed += std::exchange(next[at], placed);
  }
  order.begin[cells] = placed;
  order.rows.resize(static_cast<std::size_t>(placed));
  for_rows([&](std::size_t row, std::int32_t* places) {
    const std::int32_t cell = order.cell_of_row[row];
    if (cell >= 0) order.rows[static_cast<std::size_t>(places[cell]++)] = static_cast<std::int32_t>(row);
  });
}

CellOrder order_by_cell(const CellGrid& grid, const double* rows, std::size_t count) {
  CellOrder order;
  order_by_cell(grid, rows, count, order);
  return order;
}

}  // namespace orrery
