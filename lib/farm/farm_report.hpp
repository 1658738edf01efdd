/// What a farm has done, and what it took.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "farm/task_queue.hpp"

namespace orrery {

/// A team's part in it. Times are those of the team's first rank.
struct TeamReport {
  int first_rank = 0;
  int ranks = 1;
  std::int64_t tasks = 0;     ///< attempts of tasks, those that failed included
  std::int64_t failures = 0;  ///< attempts that failed
  double busy = 0.0;          ///< in tasks [s]
  double idle = 0.0;          ///< waiting [s]; what is left of the wall time is handing out
};

struct FarmReport {
  std::int64_t tasks = 0;
  std::int64_t done = 0;           ///< those of earlier runs included
  std::int64_t from_journal = 0;   ///< done by earlier runs
  std::int64_t damaged_lines = 0;  ///< of the journal; their tasks were run again
  std::int64_t retries = 0;
  std::vector<FailedTask> failed;
  std::vector<TaskNotRun> not_run;
  bool cancelled = false;
  int ranks_left_over = 0;  ///< that are in no team, beside a root that only hands out
  std::vector<TeamReport> teams;
  double wall_seconds = 0.0;
  double longest_task = 0.0;  ///< [s]
  double idle_tail = 0.0;     ///< from when nothing was left to hand out to the end [s]

  bool complete() const { return done == tasks; }
  std::int64_t tasks_run() const;  ///< attempts of this run
  /// Time of all teams that is not in tasks, over the attempts of this run [s].
  double overhead_per_task() const;
};

/// A table for people: a line per team, the totals, and what failed, with the rank and message of each
/// attempt.
void print_farm_report(std::ostream& out, const FarmReport& report);

/// Failed tasks with every attempt, and what was not run for them; at most so many of each.
std::string failures_text(const FarmReport& report, std::size_t at_most = 20);

}  // namespace orrery
