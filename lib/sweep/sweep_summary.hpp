/// What became of the runs of a sweep, a row for each.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sweep/sweep_plan.hpp"

namespace orrery {

/// The end of one run.
struct SweepRow {
  SweepMember member;
  std::string status = "not run";  ///< or "done", "failed"
  std::int64_t attempts = 0;
  double wall_seconds = 0.0;
  std::int64_t step = 0;                                      ///< the last
  double time = 0.0;                                          ///< of the last step
  std::vector<std::pair<std::string, double>> diagnostics{};  ///< of the last frame, by name
};

/// Writes `summary.csv` and `summary.h5`: member, varied options, replica, seed (`particles.seed`; other
/// seeds are called like their options, unless they are varied), status, attempts,
/// wall_seconds, step, time, diagnostics, directory. What a run does not have is empty in CSV, and not a
/// number in HDF5. A varied option is a column of numbers if all its values are numbers, else of texts.
/// @param rows  in the order of members
/// @throws Error (output)
void write_summary(const std::string& directory, const std::vector<SweepRow>& rows);

}  // namespace orrery
