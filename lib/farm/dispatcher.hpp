/// The root's part of a farm: hands out, takes results in, and works where no rank waits for that.
#pragma once

#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "comm/communicator.hpp"
#include "core/stopwatch.hpp"
#include "farm/chunking.hpp"
#include "farm/farm.hpp"
#include "farm/journal.hpp"
#include "farm/orders.hpp"
#include "farm/task_queue.hpp"
#include "farm/task_runner.hpp"
#include "farm/team_tally.hpp"

namespace orrery {

class Dispatcher {
public:
  /// @param own     does tasks on the root's own team; nullptr where the root only hands out
  /// @param cancel  set by whoever wants the farm cancelled
  Dispatcher(const Communicator& channel, const FarmOptions& options, const Teams& teams,
             const TaskGraph& tasks, TaskRunner* own, const ResultHandler& on_result, const bool& cancel);

  /// Until all tasks are done, failed or not to be run.
  void run();

  const TeamTally& tally() const { return tally_; }
  /// All but what the teams themselves know.
  FarmReport report() const;

private:
  /// What a team other than the root's own is known to have.
  struct TeamState {
    int team = 0;
    int leader = 0;
    std::int64_t held = 0;  ///< tasks handed out and not yet back
  };

  void resume();
  bool serve();
  void poll();
  void work();
  bool may_work() const;
  bool others_are_supplied(double seconds) const;
  void accept(int team, std::vector<TaskOutcome> outcomes);
  void resolve(int team, TaskOutcome& outcome);
  void deliver(const TaskResult& result);
  void deliver_what_has_its_turn();
  void hand_out();
  bool supply(TeamState& team);
  void send(int leader, OrderKind kind, const std::vector<std::int64_t>& tasks);
  void heed_cancel();
  std::int64_t next_chunk() const;
  std::int64_t queued_elsewhere() const;
  std::vector<std::int64_t> take(int team, std::int64_t at_most);
  void note_idle_team(bool root_is_idle);

  const Communicator& channel_;
  const FarmOptions& options_;
  const Teams& teams_;
  TaskRunner* own_;
  const ResultHandler& on_result_;
  const bool& cancel_requested_;
  TaskQueue queue_;
  Journal journal_;
  TaskTimes times_;
  std::vector<TeamState> others_;
  std::vector<Request> sends_;
  /// A result that came before its turn.
  struct EarlyResult {
    TaskResult result;
    std::vector<std::byte> data;
  };
  std::map<std::int64_t, EarlyResult> early_;
  std::int64_t next_delivery_ = 0;
  std::vector<TaskOutcome> own_outcomes_;  // of the root's own team, not yet accepted
  double served_ = 0.0;                    // time that serving others took of the root's task [s]
  TeamTally tally_;
  FarmReport report_;
  Stopwatch wall_;
  std::optional<double> tail_start_;  // since when a team has been idle with nothing left to hand out [s]
  bool cancelled_ = false;
  std::exception_ptr failure_;  // of the farm, met within a task of the root's own
};

}  // namespace orrery
