#include "distances/matrix_block.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "distances/shared_loop.hpp"

namespace orrery {

MatrixFiller::MatrixFiller(const MatrixSource& source)
    : view_(source.points.view()),
      kernels_(fill_kernels(source.points.kernel_variant(source.metric))),
      precision_(source.precision),
      size_(source.points.size()) {
  ensure(precision_ == ElementType::float64 || precision_ == ElementType::float32,
         "distances are stored as floating-point numbers");
}

void MatrixFiller::fill(Range rows, Range columns, std::byte* out, std::size_t stride,
                        Storing storing) const {
  for (std::int64_t first = columns.begin; first < columns.end; first += tile_columns) {
    const Tile tile{rows, {first, std::min(first + tile_columns, columns.end)}};
    const auto at = static_cast<std::size_t>(first - columns.begin);
    if (precision_ == ElementType::float32) {
      kernels_.singles(view_, tile, reinterpret_cast<float*>(out) + at, stride, storing);
    } else {
      kernels_.doubles(view_, tile, reinterpret_cast<double*>(out) + at, stride, storing);
    }
  }
}

void MatrixFiller::fill_on_threads(const Communicator& ranks, Range rows, Range columns, std::byte* out,
                                   std::size_t stride, Storing storing) const {
  constexpr std::int64_t rows_at_once = 16;
  on_threads(ranks, (rows.size() + rows_at_once - 1) / rows_at_once, [&](std::int64_t group, int) {
    const std::int64_t first = rows.begin + group * rows_at_once;
    const auto offset = static_cast<std::size_t>(first - rows.begin) * stride * number_bytes();
    fill({first, std::min(first + rows_at_once, rows.end)}, columns, out + offset, stride, storing);
  });
}

std::vector<MatrixPiece> matrix_pieces(std::int64_t size, std::size_t number_bytes, std::size_t most_bytes,
                                       std::int64_t unit) {
  std::vector<MatrixPiece> pieces;
  const auto numbers = static_cast<std::int64_t>(most_bytes / number_bytes);
  const auto whole_units = [unit](std::int64_t length) {
    return std::max(length / unit, std::int64_t{1}) * unit;
  };
  const std::int64_t width = size * unit <= numbers ? size : whole_units(numbers / unit);
  if (size == 0) return pieces;
  const std::int64_t height = whole_units(numbers / width);
  for (std::int64_t row = 0; row < size; row += height) {
    for (std::int64_t column = 0; column < size; column += width)
      pieces.push_back({{row, std::min(row + height, size)}, {column, std::min(column + width, size)}});
  }
  return pieces;
}

}  // namespace orrery
