/// A timeline as a file that viewers open: JSON in the Chrome trace event format.
///
/// Format: "Trace Event Format", The Chromium Project; read by Perfetto and chrome://tracing. A rank is a
/// process there, and every stretch of a phase a complete event (`ph` is `X`).
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "observe/text_file.hpp"
#include "observe/track.hpp"

namespace orrery {

/// Used by one rank. A default-made file takes nothing. @throws Error (output), also from each call
class TraceFile {
public:
  TraceFile() = default;
  /// Begins the file.
  explicit TraceFile(const std::string& path) : file_("run.profile", path) {}

  /// Names a rank. Before its threads.
  void add_rank(int rank);
  /// One thread of the rank.
  /// @param intervals   as `Track::intervals`
  /// @param origin      time that the file calls 0 [ns]
  /// @param resolution  what is shorter is not told apart
  void add_thread(int rank, int thread, const std::string& name, std::span<const PhaseInterval> intervals,
                  std::int64_t origin, std::chrono::nanoseconds resolution);
  /// Completes the file, which takes its name then: before, it is not JSON.
  void close();

private:
  void add_event(const std::string& event);
  void hand_over();

  TextFile file_;
  std::string text_;  ///< not yet with the system
  bool has_events_ = false;
};

}  // namespace orrery
