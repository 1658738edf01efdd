#include "inspect/position_sample.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace orrery {
namespace {

constexpr std::int64_t stretches = 64;

template <class Number>
double number_at(const std::vector<std::byte>& rows, std::size_t index) {
  Number number;
  std::memcpy(&number, rows.data() + index * sizeof(Number), sizeof(Number));
  return static_cast<double>(number);
}

double element(const std::vector<std::byte>& rows, std::size_t index, ElementType type) {
  switch (type) {
    case ElementType::float64:
      return number_at<double>(rows, index);
    case ElementType::float32:
      return number_at<float>(rows, index);
    case ElementType::int32:
      return number_at<std::int32_t>(rows, index);
    case ElementType::int64:
      return number_at<std::int64_t>(rows, index);
    case ElementType::uint64:
      return number_at<std::uint64_t>(rows, index);
  }
  return 0.0;
}

}  // namespace

PositionSample sample_positions(const TrajectoryReader& file, std::int64_t frame, std::int64_t most) {
  const StoredField& position = file.description().quantities.front();
  const auto axes = static_cast<std::size_t>(file.description().axes);
  PositionSample sample{.particles = file.description().particles, .x = {}, .y = {}, .not_finite = 0};
  const bool is_whole = sample.particles <= most;
  const std::int64_t pieces = is_whole ? 1 : stretches;
  const std::int64_t count = is_whole ? sample.particles : most / stretches;
  std::vector<std::byte> rows;
  for (std::int64_t piece = 0; piece < pieces && count > 0; ++piece) {
    const std::int64_t first = is_whole ? 0 : (sample.particles - count) / (pieces - 1) * piece;
    file.read_rows(position, frame, first, count, rows);
    for (std::size_t row = 0; row < static_cast<std::size_t>(count); ++row) {
      const double x = element(rows, row * axes, *position.type);
      const double y = axes > 1 ? element(rows, row * axes + 1, *position.type) : 0.0;
      if (std::isfinite(x) && std::isfinite(y)) {
        sample.x.push_back(x);
        sample.y.push_back(y);
      } else {
        ++sample.not_finite;
      }
    }
  }
  return sample;
}

}  // namespace orrery
