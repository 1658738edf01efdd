/// What a file of particles tells beside its particles: box, place in time, units.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "particles/boundary.hpp"

namespace orrery {

enum class StoredBoundary { untold, periodic, none };

/// A box as a file has it. Along the axes unless `problem` says otherwise.
struct StoredBox {
  int axes = 0;                                 ///< that the file has
  std::array<double, 3> lengths{};              ///< [length]
  std::optional<std::array<double, 3>> origin;  ///< its lower corner [length], where the file tells it
  std::array<StoredBoundary, 3> boundary{};
  /// The ends of axes to the letter, walls apart from open sides, as files of this program tell them.
  std::optional<std::array<Boundary, 3>> ends;
  std::string place;    ///< where in the file it stands, for messages
  std::string problem;  ///< why no run can have this box, such as edges that are not along the axes; or empty
};

/// Empty parts are those that the file does not tell.
struct StoredStart {
  std::optional<StoredBox> box;                       ///< of the frame that is read
  std::optional<std::int64_t> step;                   ///< of that frame
  std::int64_t first_step = 0;                        ///< steps of earlier runs that went before the file's
  std::optional<double> time;                         ///< of that frame [time]
  std::string length_unit, time_unit, velocity_unit;  ///< names as the file has them, such as "nm"
  bool has_nominal_units =
      false;                  ///< the names stand for units of 1 only, as in our own files of reduced units
  bool is_own = false;        ///< the file was written by this program
  std::string configuration;  ///< of the run that wrote an own file
  bool tells_species = false;
  bool tells_velocities = false;
  std::vector<std::string> notes;  ///< what the user should know, each a sentence for a warning
};

}  // namespace orrery
