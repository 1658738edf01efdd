#include "inspect/density_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace orrery {
namespace {

constexpr std::array<const char*, 5> blocks{" ", "\u2591", "\u2592", "\u2593", "\u2588"};
constexpr std::array<const char*, 8> letters{" ", ".", ":", "-", "=", "+", "#", "@"};

/// Characters are about twice as high as wide.
constexpr double row_height = 2.0;

struct Range {
  double least, most;
};

Range range_of(const std::vector<double>& numbers) {
  if (numbers.empty()) return {0.0, 0.0};
  const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  return {*least, *most};
}

/// Cell of a coordinate; outside of [0, cells) when the coordinate is.
int cell_of(double coordinate, double least, double most, int cells) {
  const double place = (coordinate - least) / (most - least) * cells;
  if (!(place >= 0.0 && place <= cells)) return -1;
  return std::min(static_cast<int>(place), cells - 1);
}

/// Shade of a count, by its logarithm: 0 for none, the darkest for the largest.
std::size_t shade_of(int count, int largest, std::size_t shades) {
  if (count == 0) return 0;
  const double share = largest == 1 ? 1.0 : std::log(count) / std::log(largest);
  return 1 + static_cast<std::size_t>(std::lround(share * static_cast<double>(shades - 2)));
}

}  // namespace

bool Extent::holds(const PositionSample& sample) const {
  const Range x = range_of(sample.x), y = range_of(sample.y);
  return sample.x.empty() || (x.least >= left && x.most <= right && y.least >= bottom && y.most <= top);
}

Extent extent_of(const PositionSample& sample) {
  const Range x = range_of(sample.x), y = range_of(sample.y);
  // Halved before they are subtracted: the difference may be too large for a double.
  const double half_width = 0.5 * x.most - 0.5 * x.least, half_height = 0.5 * y.most - 0.5 * y.least;
  const double largest = std::max(half_width, half_height);
  const double least_half = largest > 0.0 ? 0.02 * largest : 1.0;
  const double room = 1.05;
  const double middle_x = 0.5 * x.most + 0.5 * x.least, middle_y = 0.5 * y.most + 0.5 * y.least;
  const double across = room * std::max(half_width, least_half),
               up = room * std::max(half_height, least_half);
  return {middle_x - across, middle_x + across, middle_y - up, middle_y + up};
}

PictureSize picture_size(const Extent& extent, PictureSize most) {
  const double ratio = (0.5 * extent.right - 0.5 * extent.left) / (0.5 * extent.top - 0.5 * extent.bottom);
  const double columns = std::min<double>(most.columns, row_height * most.rows * ratio);
  const double rows = std::min<double>(most.rows, most.columns / (row_height * ratio));
  return {std::max(1, static_cast<int>(std::lround(columns))),
          std::max(1, static_cast<int>(std::lround(rows)))};
}

std::vector<std::string> density_lines(const PositionSample& sample, const Extent& extent, PictureSize size,
                                       bool use_blocks) {
  const auto columns = static_cast<std::size_t>(size.columns), rows = static_cast<std::size_t>(size.rows);
  std::vector<int> counts(columns * rows, 0);
  for (std::size_t index = 0; index < sample.x.size(); ++index) {
    const int column = cell_of(sample.x[index], extent.left, extent.right, size.columns);
    const int row = cell_of(sample.y[index], extent.bottom, extent.top, size.rows);
    if (column < 0 || row < 0) continue;
    const auto from_top = rows - 1 - static_cast<std::size_t>(row);
    ++counts[from_top * columns + static_cast<std::size_t>(column)];
  }
  const int largest = *std::max_element(counts.begin(), counts.end());
  std::vector<std::string> lines(rows);
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    const std::size_t shades = use_blocks ? blocks.size() : letters.size();
    const std::size_t shade = shade_of(counts[cell], largest, shades);
    lines[cell / columns] += use_blocks ? blocks[shade] : letters[shade];
  }
  return lines;
}

}  // namespace orrery
