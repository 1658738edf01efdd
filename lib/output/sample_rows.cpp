#include "output/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "output/interleave.hpp"

namespace orrery {
namespace {

/// Some rows of a sample's position or velocity.
template <class Number>
bool write_rows(const std::array<double*, 3>& columns, std::size_t skip, std::size_t count, std::byte* out) {
  const ThreeColumns from{columns[0] + skip, columns[1] + skip,
                          columns[2] != nullptr ? columns[2] + skip : nullptr};
  return interleave(from, count, reinterpret_cast<Number*>(out));
}

template <class Number>
std::size_t first_not_finite(std::size_t count, std::span<std::byte* const> fields) {
  std::size_t row = count;
  for (const std::byte* const field : fields.first(2)) {
    const auto* const numbers = reinterpret_cast<const Number*>(field);
    const Number* const bad =
        std::find_if(numbers, numbers + 3 * count, [](Number n) { return !std::isfinite(n); });
    row = std::min(row, static_cast<std::size_t>(bad - numbers) / 3);
  }
  return row;
}

}  // namespace

bool write_sample(const Sample& sample, std::size_t skip, std::size_t count, ElementType type,
                  std::array<std::byte*, 2> fields) {
  const auto write = type == ElementType::float32 ? write_rows<float> : write_rows<double>;
  const bool position_fits = write(sample.position, skip, count, fields[0]);
  const bool velocity_fits = write(sample.velocity, skip, count, fields[1]);
  return position_fits && velocity_fits;
}

SingleBounds single_bounds(const Box& box) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  SingleBounds bounds;
  bounds.low.fill(-infinity);
  bounds.high.fill(infinity);
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
    if (box.boundary[axis] == Boundary::open) continue;
    const double begin = box.origin[axis], end = begin + box.lengths[axis];
    auto low = static_cast<float>(begin), high = static_cast<float>(end);
    if (low < begin) low = std::nextafter(low, infinity);
    if (high > end || (high == end && box.boundary[axis] == Boundary::periodic))
      high = std::nextafter(high, -infinity);
    bounds.low[axis] = low;
    bounds.high[axis] = high;
  }
  return bounds;
}

void keep_within(const SingleBounds& bounds, std::size_t count, std::byte* rows) {
  auto* const numbers = reinterpret_cast<float*>(rows);
  for (std::size_t row = 0; row < count; ++row)
    for (std::size_t axis = 0; axis < 3; ++axis)
      numbers[3 * row + axis] =
          std::min(std::max(numbers[3 * row + axis], bounds.low[axis]), bounds.high[axis]);
}

std::size_t first_beyond_range(std::size_t count, ElementType type, std::span<std::byte* const> fields) {
  return type == ElementType::float32 ? first_not_finite<float>(count, fields)
                                      : first_not_finite<double>(count, fields);
}

Error beyond_range(ParticleId id, std::int64_t step, ElementType type) {
  return {ExitCode::simulation_failed,
          "particle " + std::to_string(number(id)) + ": its position or velocity at step " +
              std::to_string(step) + " is beyond the range of " +
              (type == ElementType::float32 ? "single precision; use output.precision double"
                                            : "double precision; reduce its speed or the time step")};
}

}  // namespace orrery
