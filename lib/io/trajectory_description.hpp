/// What a trajectory file says of itself, ours or a stranger's.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/frame_layout.hpp"
#include "io/step_clock.hpp"
#include "io/trajectory_file.hpp"

namespace orrery {

/// Numbers that a file holds for each particle.
struct StoredField {
  std::string name;                                  ///< below the group of particles
  std::string dataset;                               ///< path in the file
  std::optional<ElementType> type;                   ///< nothing: no plain numbers
  std::vector<std::int64_t> extents;                 ///< of the data set, fastest last
  std::string unit;                                  ///< as the file has it, or empty
  bool is_once = false;                              ///< a row for each particle, for all frames
  std::shared_ptr<const StepClock> clock = nullptr;  ///< where there is a row for each frame

  /// Extents before those of a particle's numbers.
  std::size_t leading_extents() const { return is_once ? 1 : 2; }

  /// Elements that a particle has.
  int components(std::size_t leading_extents) const {
    std::int64_t count = 1;
    for (std::size_t axis = leading_extents; axis < extents.size(); ++axis) count *= extents[axis];
    return static_cast<int>(count);
  }
};

struct TrajectoryDescription {
  std::string file;
  std::uint64_t file_bytes = 0;
  std::string h5md_version;  ///< such as "1.1"
  std::string creator;       ///< program and version
  std::string author;
  std::string group;  ///< of the particles, below /particles
  std::vector<std::string> other_groups;

  std::int64_t particles = 0;
  int axes = 0;
  std::int64_t stored_frames = 0;  ///< rows of positions; in a file that counts its frames, those that all
                                   ///< data sets of its frames have in common
  std::int64_t valid_frames = 0;   ///< of these, known to be complete
  std::optional<std::int64_t> planned_frames;
  std::int64_t earlier_steps = 0;  ///< of runs that went before step 0, see `/run/first_step`
  bool says_valid_frames = false;  ///< the file has `/run/valid_frames`

  bool has_steps = true;                       ///< positions that are stored once have none
  std::int64_t first_step = 0, last_step = 0;  ///< of the valid frames, if there are any
  bool has_times = true;                       ///< H5MD leaves it to the writer to tell them
  double first_time = 0.0, last_time = 0.0;
  std::string length_unit, time_unit, velocity_unit;  ///< as the file has them, or empty
  std::vector<StoredField> quantities;                ///< position first; others that have a row per frame
  std::vector<StoredField> columns;                   ///< for all frames: id, ...
  std::vector<std::string> boundary;                  ///< for each axis
  int box_axes = 3;                                   ///< that the edges have
  std::optional<std::array<double, 9>> edges;         ///< of the box in the last valid frame
  std::optional<std::array<double, 3>> origin;        ///< lower corner of the box, if it is told
  std::vector<std::pair<std::string, double>> diagnostics;  ///< in the last valid frame

  std::vector<std::pair<std::string, std::string>> parameters;  ///< attributes of /parameters
  std::string configuration;
  std::optional<RunTiming> timing;
  bool has_checksums = false;

  std::vector<std::string> problems;  ///< contradictions in what the file says

  /// Whether this program wrote the file.
  bool is_own() const { return creator == "orrery" || creator.starts_with("orrery "); }

  /// The value of an attribute of /parameters; empty where there is none.
  std::string parameter(const std::string& name) const {
    for (const auto& [key, value] : parameters)
      if (key == name) return value;
    return "";
  }
};

}  // namespace orrery
