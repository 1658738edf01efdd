#include "shortrange/work_shares.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace orrery {
namespace {

/// Work on a particle without neighbours: its list, filled up, its kick and drift. In those that are in the
/// cells around, of which about one in six is a neighbour, and half as many are in its list.
constexpr std::int64_t per_particle = 100;

/// The particles of a cell, and the work on those before them.
struct CellWork {
  Range particles;
  std::int64_t each = 0;  ///< work on one of them
  std::int64_t before = 0;
};

/// A pair with another own particle is in one list, or in two shares, which few are; one with an image is in
/// the list of each own particle: it counts twice as much.
std::int64_t work_on_each(const CellGrid& grid, const double* position, const CellOrder& owned,
                          const CellOrder& images) {
  const std::array<std::int64_t, 3> cell{grid.along(0, position[0]), grid.along(1, position[1]),
                                         grid.along(2, position[2])};
  std::int64_t work = per_particle;
  for_rows_of_cells(grid, cell, [&](std::size_t first, std::size_t end) {
    work += owned.begin[end] - owned.begin[first];
    work += 2 * (images.begin[end] - images.begin[first]);
  });
  return work;
}

std::vector<CellWork> work_by_cell(const CellGrid& grid, const PairRows& rows, const CellOrder& owned,
                                   const CellOrder& images, int threads) {
  std::vector<CellWork> cells;
  for (std::size_t cell = 0; cell + 1 < owned.begin.size(); ++cell) {
    const Range particles{owned.begin[cell], owned.begin[cell + 1]};
    if (!particles.empty()) cells.push_back({.particles = particles});
  }
#pragma omp parallel for schedule(static) num_threads(threads)
  for (std::size_t cell = 0; cell < cells.size(); ++cell)
    cells[cell].each = work_on_each(
        grid, rows.position(static_cast<std::size_t>(cells[cell].particles.begin)), owned, images);
  for (std::size_t cell = 1; cell < cells.size(); ++cell)
    cells[cell].before = cells[cell - 1].before + cells[cell - 1].each * cells[cell - 1].particles.size();
  return cells;
}

}  // namespace

std::vector<Range> cut_by_work(const CellGrid& grid, const PairRows& rows, const CellOrder& owned,
                               const CellOrder& images, int shares) {
  const auto count = static_cast<std::int64_t>(rows.owned());
  if (shares == 1 || count == 0) {
    std::vector<Range> ranges(static_cast<std::size_t>(shares));
    ranges.front().end = count;
    return ranges;
  }
  const std::vector<CellWork> cells = work_by_cell(grid, rows, owned, images, shares);
  const std::int64_t total = cells.back().before + cells.back().each * cells.back().particles.size();
  std::vector<Range> ranges;
  auto cell = cells.begin();
  std::int64_t begin = 0;
  for (int share = 1; share <= shares; ++share) {
    // (The total is far below 2^63 / shares: 2^31 particles with 2^20 in the cells around.)
    const std::int64_t target = total / shares * share;
    while (cell + 1 != cells.end() && (cell + 1)->before <= target) ++cell;
    const std::int64_t end = cell->particles.begin + (target - cell->before) / cell->each;
    ranges.push_back({begin, share == shares ? count : std::clamp(end, begin, count)});
    begin = ranges.back().end;
  }
  return ranges;
}

}  // namespace orrery
