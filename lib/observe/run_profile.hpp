/// `run.profile`: the timelines of all ranks in one file.
#pragma once

#include <string>

#include "comm/clock_alignment.hpp"
#include "comm/communicator.hpp"
#include "observe/timeline.hpp"
#include "observe/trace_file.hpp"

namespace orrery {

/// Made on every rank. Threads are numbered in the file as in their team; the writer comes after them.
class RunProfile {
public:
  /// Has the timeline note what happens from now on.
  /// @param path  of the file; empty for none: then nothing is noted, and nothing here does anything
  /// @param timeline  of this rank; outlives this object
  RunProfile(std::string path, Timeline& timeline);

  /// Makes room for the threads, and sets the clocks of several nodes against each other. Collective.
  /// @param threads  of this rank
  /// @param nodes    that the ranks are on, the same on each
  void begin(const Communicator& ranks, int threads, int nodes);

  /// After `begin`: makes the file. Collective. @throws CollectiveError (output)
  void open(const Communicator& ranks);

  /// Brings all timelines to the root, one rank after the other, and writes them. Collective. The second call
  /// does nothing.
  /// @throws CollectiveError (output)
  void write(const Communicator& ranks);

private:
  std::string path_;
  bool is_open_ = false;
  int nodes_ = 1;
  Timeline& timeline_;
  ClockAlignment alignment_;
  TraceFile file_;  ///< on the root
};

}  // namespace orrery
