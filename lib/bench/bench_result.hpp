/// All that a benchmark found out, and on what.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bench/machine_limits.hpp"
#include "bench/rotation_timing.hpp"

namespace orrery {

/// What measures, known before anything is timed.
struct BenchSetup {
  std::string processor;  ///< its name, of the root's node
  std::string instruction_set;
  int ranks = 1;
  int threads = 1;         ///< of the rank with most
  std::string processors;  ///< of the root, as a list
  int repeats = 1;
  std::string date;  ///< when it began, such as 2026-11-24T16:24:00Z
};

struct BenchResult {
  BenchSetup setup;
  std::vector<MachineLimits> limits;  ///< with one thread per rank and, where there are more, with all
  std::vector<RotationTiming> rows;
};

/// How many times as fast a row is as the one among `rows` with the same form and particles on one thread.
double speed_up_of(const RotationTiming& row, std::span<const RotationTiming> rows);

}  // namespace orrery
