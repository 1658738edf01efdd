/// Runs tasks on the ranks of one team, and says how each of them went.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "farm/farm_options.hpp"
#include "farm/packet.hpp"
#include "farm/task.hpp"
#include "farm/watchdog.hpp"

namespace orrery {

/// A task that is handed out.
struct TaskOrder {
  std::int64_t task = 0;
  std::int32_t attempt = 1;
};

enum class TaskFate : std::uint8_t {
  done,
  failed,
  dropped,  ///< not run to its end, because the farm is cancelled
};

/// How an attempt went.
struct TaskOutcome {
  std::int64_t task = 0;
  TaskFate fate = TaskFate::done;
  std::int32_t rank = 0;          ///< of all ranks; the first that failed, or the team's first
  double seconds = 0.0;           ///< from start to end
  double stretch = 0.0;           ///< longest time without a call of `TaskContext::check` [s]
  std::vector<std::byte> data{};  ///< result, or message of a failure

  void put_into(PacketWriter& packet) const;
  static TaskOutcome get_from(PacketReader& packet);
};

class TaskRunner {
public:
  /// @param team        ranks that do tasks together
  /// @param first_rank  of the team, among all ranks
  TaskRunner(const Communicator& team, int first_rank, const FarmOptions& options, const TaskFunction& work);

  /// Runs a task on the whole team. On the team's first rank, while the others are in `follow`.
  /// @param poll  called within `TaskContext::check`; throws `TaskStopped` to end the task
  TaskOutcome run(const TaskOrder& order, const std::function<void()>& poll);

  /// What ranks other than the team's first do until `dismiss`.
  /// @param poll  called while waiting and working; throws to give up
  void follow(const std::function<void()>& poll);

  /// Ends `follow` on the others of the team.
  void dismiss();

private:
  std::vector<std::byte> work_on(TaskContext& context);
  TaskOutcome failure(const TaskContext& context, const std::exception& error) const;

  const Communicator& team_;
  int first_rank_;
  const FarmOptions& options_;
  const TaskFunction& work_;
  std::optional<Watchdog> watchdog_;
  std::vector<Request> orders_;
};

}  // namespace orrery
