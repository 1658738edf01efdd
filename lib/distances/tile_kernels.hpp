/// The vector loops over pairs of points, compiled once per instruction set and chosen at run time. Each
/// handles one tile on one thread. Bits do not depend on how pairs are cut into tiles.
#pragma once

#include <cstddef>
#include <cstdint>

#include "distances/histogram_bins.hpp"
#include "distances/point_set.hpp"
#include "distances/tile.hpp"

namespace orrery {

/// How numbers are stored: past the caches where a matrix is larger than they are and is not read at once.
enum class Storing { cached, streamed };

/// Distances of a tile, row by row.
struct FillKernels {
  /// @param out     where the tile's first number goes; for `streamed` on a cache line
  /// @param stride  numbers from row to row; for `streamed` a multiple of 16
  void (*doubles)(const PointView&, const Tile&, double* out, std::size_t stride, Storing) = nullptr;
  /// Likewise, rounded to single precision.
  void (*singles)(const PointView&, const Tile&, float* out, std::size_t stride, Storing) = nullptr;
};
const FillKernels& fill_kernels(std::size_t variant);

/// Adds the pairs of a tile to the counts. `counts` has shape (histogram_copies, bins.stride()); copies are
/// to be summed.
using HistogramKernel = void (*)(const PointView&, const Tile&, const HistogramBins& bins,
                                 std::uint32_t* counts);
inline constexpr std::size_t histogram_copies = 8;
HistogramKernel histogram_kernel(std::size_t variant);

struct BelowKernels {
  /// Pairs of a tile whose raw measure is below `raw`.
  std::int64_t (*count)(const PointView&, const Tile&, double raw) = nullptr;
  /// Which they are in one row: writes their columns, ascending, and distances.
  /// @param columns, distances  with room for all columns of the tile
  /// @return how many
  std::size_t (*find)(const PointView&, const Tile&, std::size_t row, double raw, std::int64_t* columns,
                      double* distances) = nullptr;
};
const BelowKernels& below_kernels(std::size_t variant);

/// The nearest that was found so far for each of some rows, beginning with the tile's first.
struct NearestFound {
  double* distance = nullptr;     ///< infinite at first
  double* raw = nullptr;          ///< its measure before the square root, likewise
  std::int64_t* point = nullptr;  ///< -1 at first
};
/// Looks through the other points of a tile. Of equal distances the lower number wins, if tiles of a row come
/// in ascending order.
using NearestKernel = void (*)(const PointView&, const Tile&, const NearestFound&);
NearestKernel nearest_kernel(std::size_t variant);

}  // namespace orrery
