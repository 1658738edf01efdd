/// How many tasks there are, and which must wait for which.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace orrery {

/// Tasks are the numbers 0 to count - 1; what each of them means, all ranks know. Only the root's
/// dependencies count.
class TaskGraph {
public:
  /// @throws Error (internal) if count is negative
  explicit TaskGraph(std::int64_t count);

  /// Has a task wait until another is done. @throws Error (internal) for tasks that do not exist
  void require(std::int64_t task, std::int64_t needed);

  std::int64_t count() const { return count_; }

  /// Dependencies in a form that finds dependants fast: the dependants of task t are
  /// `dependants[first[t]]` to `dependants[first[t + 1] - 1]`. Without dependencies both are empty.
  struct Dependants {
    std::vector<std::int64_t> first;
    std::vector<std::int64_t> dependants;
    std::vector<std::int32_t> needed;  ///< how many tasks each task waits for

    std::span<const std::int64_t> of(std::int64_t task) const;
  };
  /// @throws Error (internal) naming a task that waits for itself, be it by way of others
  Dependants dependants() const;

private:
  struct Dependency {
    std::int64_t task;
    std::int64_t needed;
  };
  std::int64_t count_;
  std::vector<Dependency> dependencies_;
};

}  // namespace orrery
