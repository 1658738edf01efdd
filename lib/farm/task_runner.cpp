#include "farm/task_runner.hpp"

#include <algorithm>
#include <utility>

#include "core/backoff.hpp"
#include "core/number_text.hpp"
#include "core/out_of_memory.hpp"

namespace orrery {
namespace {

constexpr TaskOrder no_more{.task = -1};

double in_seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

void TaskOutcome::put_into(PacketWriter& packet) const {
  packet.put(task);
  packet.put(fate);
  packet.put(rank);
  packet.put(seconds);
  packet.put(stretch);
  packet.put_bytes(data);
}

TaskOutcome TaskOutcome::get_from(PacketReader& packet) {
  TaskOutcome outcome;
  outcome.task = packet.get<std::int64_t>();
  outcome.fate = packet.get<TaskFate>();
  outcome.rank = packet.get<std::int32_t>();
  outcome.seconds = packet.get<double>();
  outcome.stretch = packet.get<double>();
  const auto data = packet.get_bytes();
  outcome.data.assign(data.begin(), data.end());
  return outcome;
}

TaskRunner::TaskRunner(const Communicator& team, int first_rank, const FarmOptions& options,
                       const TaskFunction& work)
    : team_(team), first_rank_(first_rank), options_(options), work_(work) {
  if (options.time_limit > 0.0)
    watchdog_.emplace(options.time_limit, options.patience, first_rank + team.rank(), options.journal);
}

std::vector<std::byte> TaskRunner::work_on(TaskContext& context) {
  try {
    return work_(context);
  } catch (const std::exception&) {
    throw;
  } catch (...) {
    throw Error(ExitCode::internal, "something was thrown that is no exception");
  }
}

TaskOutcome TaskRunner::run(const TaskOrder& order, const std::function<void()>& poll) {
  for (int member = 1; member < team_.size(); ++member)
    orders_.push_back(team_.start_message(bytes_of(order), member, Tag::farm_order));
  std::erase_if(orders_, [](Request& request) { return request.done(); });

  TaskContext context(order.task, order.attempt, team_, options_.time_limit, poll);
  const auto watched = watchdog_ ? watchdog_->watch(order.task) : Watchdog::Watched();
  TaskOutcome outcome{.task = order.task, .rank = first_rank_};
  try {
    if (team_.size() == 1) {
      outcome.data = work_on(context);
    } else {
      team_.apply([&] { outcome.data = work_on(context); });
    }
  } catch (const std::exception& error) {
    outcome = failure(context, error);
  }
  if (context.interrupted_) throw Interrupted();  // no failure of the task's: the farm has failed elsewhere
  const auto end = TaskContext::Clock::now();
  context.note_stretch(end);
  outcome.seconds = in_seconds(end - context.start_);
  outcome.stretch = in_seconds(context.longest_stretch_);
  if (outcome.fate == TaskFate::done && options_.time_limit > 0.0 && outcome.seconds > options_.time_limit) {
    outcome.fate = TaskFate::failed;
    outcome.data = bytes_of_text("took " + duration_text(outcome.seconds) + ", more than its " +
                                 duration_text(options_.time_limit));
  }
  return outcome;
}

TaskOutcome TaskRunner::failure(const TaskContext& context, const std::exception& error) const {
  TaskOutcome outcome{.task = context.task(), .fate = TaskFate::failed, .rank = first_rank_};
  const auto* const of_team = dynamic_cast<const CollectiveError*>(&error);
  if (of_team == nullptr) {
    outcome.data = bytes_of_text(message_of(error));
    return outcome;
  }
  auto failures = of_team->failures();
  for (auto& failed : failures) failed.rank += first_rank_;
  outcome.rank = failures.front().rank;
  outcome.data =
      bytes_of_text(failures.size() == 1 ? failures.front().message : summary_of(failures, team_.size()));
  return outcome;
}

void TaskRunner::follow(const std::function<void()>& poll) {
  Backoff backoff;
  while (true) {
    const auto message = team_.take_message(Tag::farm_order);
    if (!message) {
      poll();
      backoff.rest();
      continue;
    }
    backoff.restart();
    const auto order = value_of<TaskOrder>(message->data);
    if (order.task == no_more.task) return;
    TaskContext context(order.task, order.attempt, team_, options_.time_limit, poll);
    const auto watched = watchdog_ ? watchdog_->watch(order.task) : Watchdog::Watched();
    try {
      team_.apply([&] { work_on(context); });
    } catch (const CollectiveError&) {
      // The team's first rank tells of it.
    }
    if (context.interrupted_) throw Interrupted();
  }
}

void TaskRunner::dismiss() {
  for (int member = 1; member < team_.size(); ++member)
    orders_.push_back(team_.start_message(bytes_of(no_more), member, Tag::farm_order));
  for (auto& order : orders_) order.wait();
}

}  // namespace orrery
