/// What `orrery watch` shows of a run, as lines of text.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "inspect/density_text.hpp"
#include "io/trajectory_description.hpp"

namespace orrery {

using Diagnostics = std::vector<std::pair<std::string, double>>;

/// What a watcher knows of a run's pace.
struct Pace {
  double seconds_per_frame = 0.0;    ///< as seen; 0: not known yet
  double seconds_since_frame = 0.0;  ///< since the last one was seen to come
};

/// What a terminal takes.
struct Terminal {
  int columns = 80, rows = 24;
  bool wraps = false;       ///< longer lines are broken: it is one, and not a file or a pipe
  bool use_blocks = false;  ///< it shows Unicode
};

/// The size of the terminal on standard output, 80 x 24 where there is none, and whether the locale has
/// Unicode.
Terminal terminal_of_output();

/// A view of the whole run, which fits the terminal.
/// @param before  diagnostics of the frame shown before; empty: there was none
/// @param sample  null: no picture
std::vector<std::string> watch_view(const TrajectoryDescription& run, const Pace& pace,
                                    const Diagnostics& before, const PositionSample* sample,
                                    const Extent& extent, const Terminal& terminal);

/// The same in one line, for logs.
std::string watch_line(const TrajectoryDescription& run, const Pace& pace);

}  // namespace orrery
