/// What `orrery distances` tells people.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "distances/histogram_bins.hpp"

namespace orrery {

/// Known before anything is computed.
struct DistanceSetup {
  std::string origin;  ///< of the points
  std::int64_t points = 0;
  int axes = 2;  ///< that the points differ along
  std::string metric;
  std::vector<double> edges;  ///< of the periodic box; empty: none
  std::string instruction_set;
  int ranks = 1;
  int threads = 1;  ///< of the rank with most
  std::string processors;
};

/// One row of the table.
struct DistanceTask {
  DistanceTask(std::string what, std::int64_t point_count) : name(std::move(what)), points(point_count) {}

  std::string name;
  std::int64_t points;
  double seconds = 0.0;
  std::uint64_t bytes = 0;                        ///< of a matrix; 0: none was stored
  std::optional<double> memory_bytes_per_second;  ///< limit of the machine, where it was measured
  std::string result;                             ///< what came of it, or where it is

  /// Pairs of different points, each once.
  std::int64_t pairs() const { return points * (points - 1) / 2; }
};

void print_distance_setup(std::ostream& out, const DistanceSetup& setup);
void print_distance_heading(std::ostream& out);
void print_distance_task(std::ostream& out, const DistanceTask& task);

/// Lines "low,high,count", the last of them what is beyond; with a heading.
std::string histogram_text(const HistogramBins& bins, const std::vector<std::int64_t>& counts);

}  // namespace orrery
