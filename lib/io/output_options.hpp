/// Where the trajectory goes and what is in it.
#pragma once

#include <cstdint>
#include <string>

#include "core/option_set.hpp"

namespace orrery {

enum class Precision { float64, float32 };

/// What a file tells of a particle that has left a periodic box and come in at the other side.
enum class ImagesInFile {
  none,
  image,      ///< how many periods it has gone, beside its position in the box
  unwrapped,  ///< positions are those that it would have without a box
};

struct OutputOptions {
  std::string file = "trajectory.h5md";
  std::uint64_t every = 0;  ///< steps between frames; 0: first and last only
  Precision precision = Precision::float64;
  /// Names in attributes `unit`: `auto` (those of the start file, else nominal), `nominal` (one unit of
  /// length is called an angstrom, one of time a picosecond: readers that insist on units show the numbers as
  /// they are), `none`, or one of `known_unit_pairs`
  std::string units = "auto";
  ImagesInFile images = ImagesInFile::none;
  bool overwrite = false;
  bool xdmf = false;  ///< keep an XDMF sidecar beside the trajectory

  void describe(OptionSet& options);

  /// The sidecar; empty where none is wanted.
  std::string xdmf_file() const;

  /// @throws OptionConflict
  void validate() const;
};

}  // namespace orrery
