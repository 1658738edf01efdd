/// A task as the function that does it sees it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "comm/communicator.hpp"
#include "core/error.hpp"

namespace orrery {

/// Ends a task that has run out of time, or whose farm is cancelled. Functions that do tasks let it pass.
class TaskStopped : public Error {
public:
  explicit TaskStopped(const std::string& why) : Error(ExitCode::stopped, why) {}
};

/// What is to be done, and with whom.
class TaskContext {
public:
  /// Which task. What that means, all ranks know.
  std::int64_t task() const { return task_; }
  /// 1 for a task that has not failed before.
  int attempt() const { return attempt_; }
  /// The ranks that do this task together, in calls of the same function; the result is that of the first.
  const Communicator& ranks() const { return ranks_; }

  /// To be called now and then by tasks that take long, every millisecond or so: lets rank 0 hand out while
  /// it works, and ends the task when its time is over, the farm is cancelled, or a rank of its own has
  /// failed. Costs as much as reading a clock.
  /// @throws TaskStopped, Interrupted
  void check();

private:
  friend class TaskRunner;
  using Clock = std::chrono::steady_clock;

  TaskContext(std::int64_t task, int attempt, const Communicator& ranks, double time_limit,
              const std::function<void()>& poll);
  /// From the last call of `check` to a time, if that is the longest so far.
  void note_stretch(Clock::time_point now);

  std::int64_t task_;
  int attempt_;
  const Communicator& ranks_;
  double time_limit_;
  const std::function<void()>& poll_;
  Clock::time_point start_;
  Clock::time_point last_check_;
  Clock::time_point last_poll_;
  Clock::duration longest_stretch_{};
  bool interrupted_ = false;
};

/// Does a task. Called on every rank of the team that has it.
/// @return the result, as bytes (`bytes_of`); that of the team's first rank counts
using TaskFunction = std::function<std::vector<std::byte>(TaskContext&)>;

}  // namespace orrery
