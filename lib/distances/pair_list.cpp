#include "distances/pair_list.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "core/number_text.hpp"
#include "distances/shared_loop.hpp"
#include "distances/tile_kernels.hpp"

namespace orrery {
namespace {

/// Pairs that a rank looks through at a time.
constexpr std::int64_t block_pairs = std::int64_t{1} << 21;

/// Consecutive rows with about `block_pairs` pairs above the diagonal.
std::vector<Range> row_blocks(std::int64_t points) {
  std::vector<Range> blocks;
  for (std::int64_t row = 0; row < points;) {
    const std::int64_t rows =
        std::max<std::int64_t>(1, block_pairs / std::max<std::int64_t>(1, points - row));
    blocks.push_back({row, std::min(row + rows, points)});
    row = blocks.back().end;
  }
  return blocks;
}

class RowLister {
public:
  RowLister(const PointSet& points, Metric metric, double distance)
      : view_(points.view()),
        size_(points.size()),
        find_(below_kernels(points.kernel_variant(metric)).find),
        raw_(least_raw_reaching(metric, distance)) {}

  std::int64_t list(std::int64_t row, std::string& text) const {
    std::vector<std::int64_t> columns(tile_columns);
    std::vector<double> distances(tile_columns);
    std::int64_t found = 0;
    const std::string row_text = std::to_string(row) + ",";
    for (std::int64_t column = row + 1; column < size_; column += tile_columns) {
      const Tile tile{{row, row + 1}, {column, std::min(column + tile_columns, size_)}, true};
      const std::size_t count =
          find_(view_, tile, static_cast<std::size_t>(row), raw_, columns.data(), distances.data());
      for (std::size_t at = 0; at < count; ++at)
        text.append(row_text)
            .append(std::to_string(columns[at]))
            .append(",")
            .append(to_text(distances[at]))
            .append("\n");
      found += static_cast<std::int64_t>(count);
    }
    return found;
  }

private:
  PointView view_;
  std::int64_t size_;
  decltype(BelowKernels::find) find_;
  double raw_;
};

/// The lines of some rows, in order.
std::string list_rows(const Communicator& ranks, const RowLister& lister, Range rows, std::int64_t& found) {
  std::vector<std::string> texts(static_cast<std::size_t>(rows.size()));
  std::atomic<std::int64_t> count = 0;
  on_threads(ranks, rows.size(), [&](std::int64_t row, int) {
    count += lister.list(rows.begin + row, texts[static_cast<std::size_t>(row)]);
  });
  found += count;
  std::string joined;
  for (const auto& text : texts) joined += text;
  return joined;
}

}  // namespace

std::int64_t list_below(const Communicator& ranks, const PointSet& points, Metric metric, double distance,
                        const TextSink& sink) {
  const RowLister lister(points, metric, distance);
  const auto blocks = row_blocks(points.size());
  std::int64_t found = 0;
  const auto size = static_cast<std::size_t>(ranks.size());
  for (std::size_t first = 0; first < blocks.size(); first += size) {
    const std::size_t mine = first + static_cast<std::size_t>(ranks.rank());
    const std::string text = ranks.apply(
        [&] { return mine < blocks.size() ? list_rows(ranks, lister, blocks[mine], found) : std::string(); });
    const std::vector<char> all = ranks.gather(std::span<const char>(text));
    ranks.apply([&] {
      if (ranks.is_root() && !all.empty()) sink({all.data(), all.size()});
    });
  }
  ranks.sum(std::span(&found, 1));
  return found;
}

}  // namespace orrery
