/// The matrix of all distances, in memory or on its way to a file.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "comm/communicator.hpp"
#include "distances/metric.hpp"
#include "distances/point_set.hpp"
#include "io/frame_layout.hpp"
#include "io/matrix_file.hpp"

namespace orrery {

/// Bytes of the numbers alone.
constexpr std::uint64_t matrix_bytes(std::int64_t points, ElementType precision) {
  return static_cast<std::uint64_t>(points) * static_cast<std::uint64_t>(points) * size_of(precision);
}

/// What the matrix is made of.
struct MatrixSource {
  const PointSet& points;
  Metric metric;
  ElementType precision;  ///< float64 or float32
};

/// Computes the matrix into memory, every rank its share of the rows, and forgets it. The first time includes
/// touching the memory. Collective.
/// @return seconds that each of the repeats took, of the slowest rank; the same on every rank
/// @throws CollectiveError (internal) when a node has less memory to spare than its rows take
std::vector<double> compute_in_memory(const Communicator& ranks, const MatrixSource& source, int repeats);

/// Where the matrix goes.
struct MatrixOutput {
  std::string option;  ///< that names the file, for messages
  std::string path;
  Replacing replacing{};
};

/// Writes the numbers row after row, little-endian, without a header. Every rank and thread writes what it
/// computes, so that the file system must be one that all see. Collective.
/// @throws CollectiveError (output)
void write_raw_matrix(const Communicator& ranks, const MatrixSource& source, const MatrixOutput& output);

/// Writes an HDF5 file: data sets `/distances` and `/points`. Rank 0 alone has it open, computes its share,
/// and is sent the others' tiles. No rank holds more than two tiles of 32 MiB. Collective.
/// @param attributes  of the data set `/distances`
/// @throws CollectiveError (output)
void write_hdf5_matrix(const Communicator& ranks, const MatrixSource& source, const MatrixOutput& output,
                       MatrixLayout layout,
                       const std::vector<std::pair<std::string, std::string>>& attributes);

}  // namespace orrery
