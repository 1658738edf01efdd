/// How a team's first rank spends its time.
#pragma once

#include <chrono>
#include <cstdint>

#include "farm/task_runner.hpp"

namespace orrery {

struct TeamTally {
  std::int64_t tasks = 0;
  std::int64_t failures = 0;
  double busy = 0.0;  ///< [s]
  double idle = 0.0;  ///< [s]

  void add(const TaskOutcome& outcome) {
    ++tasks;
    if (outcome.fate == TaskFate::failed) ++failures;
    busy += outcome.seconds;
  }
};

/// Counts the time until it ends as idle.
class IdleTime {
public:
  explicit IdleTime(TeamTally& tally) : tally_(tally) {}
  ~IdleTime() {
    tally_.idle += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  IdleTime(const IdleTime&) = delete;
  IdleTime& operator=(const IdleTime&) = delete;

private:
  TeamTally& tally_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace orrery
