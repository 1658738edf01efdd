/// Tells a person how far a run is: a bar on a terminal, sparse lines in a file.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "core/stopwatch.hpp"
#include "io/frame_layout.hpp"
#include "laws/law.hpp"

namespace orrery {

enum class ProgressStyle {
  silent,
  lines,        ///< for log files: a line at every tenth of a run that takes long
  eager_lines,  ///< the same for any run
  bar,          ///< for terminals
};

/// Used by one rank. All that a run says of its course while it runs goes through here, so that bar and table
/// do not mix.
class Progress {
public:
  /// @param steps  of the run
  Progress(std::ostream& out, ProgressStyle style, std::int64_t steps);

  /// Heads the table of diagnostics.
  void start_table(std::span<const Diagnostic> diagnostics);
  /// One line of the table.
  void table_row(std::int64_t frame, const FrameHeader& header);

  /// Says how many steps are done, on average over particles; prints when it is time to. Cheap enough to be
  /// called every millisecond.
  void update(double steps_done);

  /// Wipes the bar.
  void finish();

private:
  void wipe();
  std::string status(double fraction) const;

  std::ostream& out_;
  ProgressStyle style_;
  std::int64_t steps_;
  Stopwatch since_start_;
  double next_time_;
  double next_fraction_ = 0.1;
  bool bar_is_shown_ = false;
  std::vector<std::size_t> widths_;
};

}  // namespace orrery
