/// What `orrery distances` is asked to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/option_set.hpp"
#include "distances/metric.hpp"
#include "io/frame_layout.hpp"
#include "io/matrix_file.hpp"

namespace orrery {

/// Where the matrix of all distances goes.
enum class MatrixPlace { none, memory, hdf5, raw };

/// An output file and the option that names it, with the dashes.
struct NamedOutput {
  std::string option;
  std::string path;
};

struct DistanceOptions {
  std::string points;  ///< the file, *.csv, *.h5md, *.h5 or *.hdf5
  std::string group;   ///< of particles in an H5MD file; empty: the only one

  Metric metric = Metric::euclidean;
  std::string box;             ///< edges with commas between them, "frame", or empty
  std::string frame = "last";  ///< or a number

  std::string matrix;  ///< "memory", or a file; empty: none
  ElementType precision = ElementType::float64;
  MatrixLayout layout = MatrixLayout::contiguous;
  std::uint64_t repeats = 1;  ///< of the matrix in memory

  std::uint64_t histogram = 0;  ///< bins; 0: none
  double most = 0.0;            ///< where the bins end
  std::string histogram_file;

  double below = 0.0;  ///< 0: do not count
  std::string list;    ///< file for the pairs below

  std::string nearest;  ///< file

  bool overwrite = false;
  std::uint64_t threads = 0;  ///< of each rank; 0: share the node's processors among its ranks
  std::string instruction_set = "auto";

  void describe(OptionSet& options);

  /// @throws Error (usage) for what cannot be, or cannot be together
  void validate() const;

  MatrixPlace matrix_place() const;
  /// The edges that `box` spells; empty when it is empty or "frame". @throws Error (usage)
  std::vector<double> box_edges() const;
  bool box_of_frame() const { return box == "frame"; }
  /// The number of the frame; -1: the last. @throws Error (usage)
  std::int64_t frame_number() const;
  /// All files that will be written.
  std::vector<NamedOutput> outputs() const;
};

}  // namespace orrery
