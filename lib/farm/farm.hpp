/// Many independent tasks over the ranks of a communicator, each taken by a team that is free.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "comm/communicator.hpp"
#include "farm/farm_options.hpp"
#include "farm/farm_report.hpp"
#include "farm/packet.hpp"
#include "farm/task.hpp"
#include "farm/task_graph.hpp"
#include "farm/teams.hpp"

namespace orrery {

/// A finished task, as the root hears of it.
struct TaskResult {
  std::int64_t task = 0;
  std::span<const std::byte> data;  ///< what the function returned; valid during the call
  int attempts = 1;
  double seconds = 0.0;  ///< of the attempt that succeeded
  bool from_journal = false;
};

/// Called on the root for every task that is done.
using ResultHandler = std::function<void(const TaskResult&)>;

/// Deals tasks out to teams of ranks as they become free. Which team does which task, and when, has no
/// influence on results: they are what the function makes of the task's number.
///
/// - Rank 0 hands out; it works as well where the others do not have to wait for that (`RootWork`).
/// - A task that throws is tried again on another team, up to `FarmOptions::retries` times; then it has
/// failed,
///   the tasks that depend on it are not run, and the rest goes on.
/// - With a journal, every finished task is written down before the root's handler hears of it. The next run
///   with the same journal hears of those first and does the others.
class Farm {
public:
  /// Collective over all ranks. @throws CollectiveError (usage)
  Farm(const Communicator& ranks, FarmOptions options);

  /// Does the tasks. Collective; on return they are done, failed or not run.
  /// @param tasks      the root's dependencies count, everybody's number of tasks must be the same
  /// @param work       does a task, on every rank of a team; what it throws is a failure of that task
  /// @param on_result  on the root, in the order that `FarmOptions::delivery` says; may be called within
  ///                   `TaskContext::check` of the root's own task. What it throws ends the farm
  /// @return complete on the root
  /// @throws CollectiveError  when the farm itself failed: the handler threw, or the journal is at fault
  FarmReport run(const TaskGraph& tasks, const TaskFunction& work, const ResultHandler& on_result = {});

  /// Hands out nothing more and ends tasks that check. On the root, from within `on_result` or a task.
  void cancel() { cancel_requested_ = true; }

private:
  FarmOptions options_;
  Communicator channel_;
  Teams teams_;
  std::optional<Communicator> team_;
  bool cancel_requested_ = false;
};

/// A farm's results by task, for results that can be sent as they are. Collective.
/// @return on the root one value per task, in order; elsewhere nothing
/// @throws CollectiveError (simulation_failed) on every rank, listing failed tasks with all attempts, when
/// any task was not done
template <class Function>
auto farm_out(const Communicator& ranks, const FarmOptions& options, std::int64_t count,
              Function&& function) {
  using Result = std::invoke_result_t<Function, TaskContext&>;
  static_assert(Sendable<Result>, "farm_out needs results that can be sent");
  std::vector<Result> results(static_cast<std::size_t>(ranks.is_root() ? count : 0));
  const FarmReport report =
      Farm(ranks, options)
          .run(
              TaskGraph(count), [&](TaskContext& context) { return bytes_of(function(context)); },
              [&](const TaskResult& result) {
                results[static_cast<std::size_t>(result.task)] = value_of<Result>(result.data);
              });
  ranks.apply([&] {
    if (ranks.is_root() && !report.complete())
      throw Error(ExitCode::simulation_failed, "tasks were not done\n" + failures_text(report));
  });
  return results;
}

}  // namespace orrery
