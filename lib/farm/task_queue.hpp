/// What is to be done, by which team it may be done, and what became of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <vector>

#include "farm/task_graph.hpp"

namespace orrery {

/// An attempt that failed.
struct Attempt {
  int rank = 0;  ///< that failed, or the first of several
  std::string message;

  bool operator==(const Attempt&) const = default;
};

/// A task of which every attempt failed.
struct FailedTask {
  std::int64_t task = 0;
  std::vector<Attempt> attempts;
};

/// A task that was never begun, or never came to an end.
struct TaskNotRun {
  std::int64_t task = 0;
  std::int64_t failed = -1;  ///< the failed task that it depends on; -1: the farm was cancelled
};

/// Used by the root. Every task ends as done, failed or not run, and is counted as resolved then.
class TaskQueue {
public:
  /// @param teams  how many there are that tasks may be given to
  TaskQueue(const TaskGraph& graph, int most_attempts, int teams);

  /// Tasks that could be handed out now.
  std::int64_t ready() const { return ready_; }
  bool all_resolved() const { return resolved_ == count_; }
  std::int64_t done() const { return done_; }
  std::int64_t retries() const { return retries_; }

  /// Hands out up to so many tasks, in ascending order but for those that are tried again, which come first.
  /// A task that failed is not given to a team that it failed on while there is another.
  std::vector<std::int64_t> take(int team, std::int64_t at_most);
  /// Whether there is a task that no other team may be given.
  bool only_for(int team) const;
  /// Whether `take` would hand out anything.
  bool has_for(int team) const;

  /// Whether a task has failed or will not be run.
  bool is_lost(std::int64_t task) const;
  /// Attempts of a task that have failed so far.
  int failures_of(std::int64_t task) const;

  /// A task that was handed out, or that an earlier run has done, is done.
  void finish(std::int64_t task);
  /// An attempt of a task that was handed out failed.
  /// @return whether it was the last: the task has failed, and its dependants will not be run. After `cancel`
  /// there is no other attempt either, and the task counts as not run
  bool fail(std::int64_t task, int team, Attempt attempt);
  /// An attempt failed in an earlier run. Before anything is handed out.
  void fail_earlier(std::int64_t task, Attempt attempt);
  /// A task that was handed out came back unfinished, since the farm is cancelled.
  void drop(std::int64_t task);
  /// Hands out nothing more: what has not been handed out will not be run.
  void cancel();

  /// In ascending order of tasks.
  std::vector<FailedTask> failed() const;
  std::vector<TaskNotRun> not_run() const;

private:
  enum class State : std::uint8_t { waiting, ready, handed_out, done, failed, not_run };

  struct Retry {
    std::int64_t task;
    std::vector<int> refused_teams;
  };

  State& state(std::int64_t task) { return states_[static_cast<std::size_t>(task)]; }
  bool may_take(const Retry& retry, int team) const;
  void resolve(std::int64_t task, State how);
  void release_dependants(std::int64_t task);
  void give_up_dependants(std::int64_t task);
  std::int64_t take_fresh();

  std::int64_t count_;
  int most_attempts_;
  int teams_;
  TaskGraph::Dependants graph_;
  std::vector<State> states_;
  bool cancelled_ = false;
  std::int64_t next_ = 0;  // tasks below were handed out, or wait, or are in `released_`
  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> released_;
  std::vector<Retry> retry_;
  std::map<std::int64_t, std::vector<Attempt>> attempts_;
  std::map<std::int64_t, std::vector<int>> refused_teams_;
  std::map<std::int64_t, std::int64_t> blamed_;  // task not run -> failed task
  std::int64_t ready_ = 0;
  std::int64_t resolved_ = 0;
  std::int64_t done_ = 0;
  std::int64_t retries_ = 0;
};

}  // namespace orrery
