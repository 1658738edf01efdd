/// Pieces of the distance matrix, and what fills them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "comm/communicator.hpp"
#include "distances/distance_matrix.hpp"
#include "distances/tile_kernels.hpp"

namespace orrery {

/// Fills pieces of one matrix.
class MatrixFiller {
public:
  explicit MatrixFiller(const MatrixSource& source);

  std::int64_t size() const { return size_; }
  std::size_t number_bytes() const { return size_of(precision_); }

  /// Fills a piece on the calling thread, in strips of columns whose points stay in cache.
  /// @param out     where the first number goes
  /// @param stride  numbers from row to row
  void fill(Range rows, Range columns, std::byte* out, std::size_t stride, Storing storing) const;

  /// Fills a piece on all threads of this rank, within `Communicator::apply`.
  void fill_on_threads(const Communicator& ranks, Range rows, Range columns, std::byte* out,
                       std::size_t stride, Storing storing) const;

private:
  PointView view_;
  const FillKernels& kernels_;
  ElementType precision_;
  std::int64_t size_;
};

struct MatrixPiece {
  Range rows;
  Range columns;

  std::size_t numbers() const { return static_cast<std::size_t>(rows.size() * columns.size()); }
};

/// Cuts a square matrix into pieces of at most `most_bytes`, row after row; their heights and widths are
/// multiples of `unit` but at the ends.
std::vector<MatrixPiece> matrix_pieces(std::int64_t size, std::size_t number_bytes, std::size_t most_bytes,
                                       std::int64_t unit);

}  // namespace orrery
