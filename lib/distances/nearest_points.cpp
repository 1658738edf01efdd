#include "distances/nearest_points.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "core/even_split.hpp"
#include "distances/shared_loop.hpp"
#include "distances/tile_kernels.hpp"

namespace orrery {
namespace {

/// Rows that go through the columns together.
constexpr std::int64_t rows_at_once = 64;

NearestPoints nearest_of_rows(const Communicator& ranks, const PointSet& points, Metric metric, Range rows) {
  const auto count = static_cast<std::size_t>(rows.size());
  constexpr double far = std::numeric_limits<double>::infinity();
  NearestPoints nearest{std::vector<std::int64_t>(count, -1), std::vector<double>(count, far)};
  std::vector<double> raw(count, far);
  const NearestKernel kernel = nearest_kernel(points.kernel_variant(metric));
  const PointView view = points.view();
  on_threads(ranks, (rows.size() + rows_at_once - 1) / rows_at_once, [&](std::int64_t block, int) {
    const std::int64_t first = block * rows_at_once;
    const Range block_rows{rows.begin + first, std::min(rows.begin + first + rows_at_once, rows.end)};
    const NearestFound found{nearest.distance.data() + first, raw.data() + first,
                             nearest.point.data() + first};
    for (std::int64_t column = 0; column < points.size(); column += tile_columns)
      kernel(view, {block_rows, {column, std::min(column + tile_columns, points.size())}}, found);
  });
  return nearest;
}

}  // namespace

NearestPoints find_nearest_points(const Communicator& ranks, const PointSet& points, Metric metric) {
  const Range rows = EvenSplit(points.size(), ranks.size()).part(ranks.rank());
  const NearestPoints mine = ranks.apply([&] { return nearest_of_rows(ranks, points, metric, rows); });
  return {ranks.gather(std::span<const std::int64_t>(mine.point)),
          ranks.gather(std::span<const double>(mine.distance))};
}

}  // namespace orrery
