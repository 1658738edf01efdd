/// A square matrix in an HDF5 file, written tile by tile.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/types.hpp"
#include "io/frame_layout.hpp"
#include "io/hdf5_handle.hpp"
#include "io/unfinished_file.hpp"

namespace orrery {

enum class MatrixLayout { contiguous, chunked };

/// Rows and columns of a chunk: 512 KiB of doubles, less than what readers' caches hold.
inline constexpr std::int64_t matrix_chunk = 256;

/// What goes into the file beside the numbers.
struct MatrixDescription {
  std::string name;       ///< of the data set
  std::int64_t size = 0;  ///< rows, and columns
  ElementType type = ElementType::float64;
  MatrixLayout layout = MatrixLayout::contiguous;
  /// Attributes of the data set.
  std::vector<std::pair<std::string, std::string>> attributes;
  /// The points that rows and columns belong to, row by row, shape (size, axes).
  std::vector<double> points;
};

/// Used by one rank; everything throws `Error` (output). After a failure the file is not closed: the library
/// would write more.
class MatrixFile {
public:
  /// Makes the file, with room for the whole matrix. @param file  must outlive this
  MatrixFile(const UnfinishedFile& file, const MatrixDescription& description);
  ~MatrixFile();
  MatrixFile(const MatrixFile&) = delete;
  MatrixFile& operator=(const MatrixFile&) = delete;

  /// @param data  numbers of the matrix's type, row by row
  void write_tile(Range rows, Range columns, const void* data);
  void close();

  /// Bytes that such a file takes.
  static std::uint64_t estimated_bytes(std::int64_t size, int axes, ElementType type, MatrixLayout layout);

private:
  void create(const MatrixDescription& description);
  void create_matrix(const MatrixDescription& description);
  template <class Action>
  void guarded(const Action& action);

  const UnfinishedFile& place_;
  ElementType type_;
  std::string what_;
  Hdf5Handle file_;
  Hdf5Handle matrix_;
  bool failed_ = true;  ///< until the file is made
};

}  // namespace orrery
