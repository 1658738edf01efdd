/// Reads a whole trajectory back and checks it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "io/trajectory_reader.hpp"

namespace orrery {

/// What was looked at, and what is wrong with it.
struct Verification {
  std::int64_t frames = 0;
  std::uint64_t bytes = 0;            ///< of particles' numbers
  std::int64_t checksums = 0;         ///< that were compared
  std::vector<std::string> problems;  ///< the first few
  std::int64_t problems_not_shown = 0;
};

/// Checks that steps and times grow, that all numbers are finite, that ids are unique, and that everything
/// has the checksum it was written with. What `description().problems` says is not repeated. Local.
/// @param progress  is told the share that is done, some times a second
/// @throws Error (input_data) when something cannot be read at all
Verification verify(const TrajectoryReader& file, const std::function<void(double)>& progress);

}  // namespace orrery
