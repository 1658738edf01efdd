#include "farm/dispatcher.hpp"

#include <algorithm>
#include <utility>

#include "core/backoff.hpp"

namespace orrery {
namespace {

/// How long the root works on short tasks before it looks for messages [s].
constexpr double root_seconds = 200e-6;
/// Waiting this long for the root costs little [s].
constexpr double short_wait = 1e-3;
/// After this time without a result, tasks are taken to be at least as long [s].
constexpr double long_without_result = 20e-3;

}  // namespace

Dispatcher::Dispatcher(const Communicator& channel, const FarmOptions& options, const Teams& teams,
                       const TaskGraph& tasks, TaskRunner* own, const ResultHandler& on_result,
                       const bool& cancel)
    : channel_(channel),
      options_(options),
      teams_(teams),
      own_(own),
      on_result_(on_result),
      cancel_requested_(cancel),
      queue_(tasks, options.most_attempts(), teams.count()) {
  if (!options.journal.empty()) journal_ = Journal(options.journal, options.identity, tasks.count());
  for (int team = teams.root_leads ? 1 : 0; team < teams.count(); ++team)
    others_.push_back({.team = team, .leader = teams.leaders[static_cast<std::size_t>(team)]});
  report_.tasks = tasks.count();
}

void Dispatcher::run() {
  resume();
  Backoff backoff;
  while (!queue_.all_resolved()) {
    const bool heard = serve();
    if (may_work()) {
      work();
      backoff.restart();
    } else if (heard) {
      backoff.restart();
    } else if (!queue_.all_resolved()) {
      note_idle_team(own_ != nullptr);
      const IdleTime idle(tally_);
      backoff.rest();
    }
  }
  report_.wall_seconds = wall_.seconds();
  if (tail_start_) report_.idle_tail = report_.wall_seconds - *tail_start_;
  for (const auto& team : others_) send(team.leader, OrderKind::end, {});
  if (own_ != nullptr) own_->dismiss();
  for (auto& message : sends_) message.wait();
}

void Dispatcher::resume() {
  for (const auto& hung : journal_.hung()) queue_.fail_earlier(hung.task, hung.attempt);
  auto finished = journal_.take_finished();
  std::erase_if(finished, [this](const auto& task) { return options_.again.contains(task.task); });
  for (const auto& task : finished) queue_.finish(task.task);
  report_.from_journal = std::ssize(finished);
  report_.damaged_lines = journal_.damaged_lines();
  for (const auto& task : finished) {
    deliver({.task = task.task,
             .data = task.result,
             .attempts = task.attempts,
             .seconds = task.seconds,
             .from_journal = true});
  }
  deliver_what_has_its_turn();
}

/// @return whether anything came
bool Dispatcher::serve() {
  channel_.check_alarm();
  bool heard = false;
  while (const auto message = channel_.take_message(Tag::farm_result)) {
    heard = true;
    PacketReader packet(message->data);
    std::vector<TaskOutcome> outcomes;
    while (!packet.at_end()) outcomes.push_back(TaskOutcome::get_from(packet));
    auto& team = *std::find_if(others_.begin(), others_.end(),
                               [&](const TeamState& state) { return state.leader == message->from; });
    team.held -= std::ssize(outcomes);
    accept(team.team, std::move(outcomes));
  }
  heed_cancel();
  hand_out();
  std::erase_if(sends_, [](Request& send) { return send.done(); });
  return heard;
}

/// Within a task of the root's own: what goes wrong here is no failure of that task.
void Dispatcher::poll() {
  const Stopwatch serving;
  try {
    if (!own_outcomes_.empty()) accept(0, std::exchange(own_outcomes_, {}));
    serve();
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception&) {
    failure_ = std::current_exception();
    throw TaskStopped("the farm has failed");
  }
  served_ += serving.seconds();
  if (cancelled_) throw TaskStopped("the farm is cancelled");
}

void Dispatcher::work() {
  std::int64_t count = 1;
  if (times_.measured())
    count = std::clamp(static_cast<std::int64_t>(root_seconds / std::max(times_.mean(), 1e-9)),
                       std::int64_t{1}, next_chunk());
  for (const std::int64_t task : take(0, count)) {
    if (cancelled_) {
      own_outcomes_.push_back({.task = task, .fate = TaskFate::dropped});
      continue;
    }
    const TaskOrder order{task, queue_.failures_of(task) + 1};
    served_ = 0.0;
    TaskOutcome outcome = own_->run(order, [this] { poll(); });
    if (failure_) std::rethrow_exception(failure_);
    outcome.seconds -= served_;
    tally_.add(outcome);
    if (cancelled_ && outcome.fate == TaskFate::failed) outcome.fate = TaskFate::dropped;
    own_outcomes_.push_back(std::move(outcome));
  }
  accept(0, std::exchange(own_outcomes_, {}));
}

bool Dispatcher::may_work() const {
  if (own_ == nullptr || !queue_.has_for(0)) return false;
  if (others_.empty() || options_.root == RootWork::always || queue_.only_for(0)) return true;
  const double away = times_.measured() ? times_.long_stretch() : wall_.seconds();
  if (!times_.measured() && away < long_without_result) return false;
  if (away < short_wait) return true;
  return others_are_supplied(queue_.ready() == 1 ? 0.0 : away);
}

/// Whether every other team has, beside the task that it is at, work for so long.
bool Dispatcher::others_are_supplied(double seconds) const {
  return std::all_of(others_.begin(), others_.end(), [&](const TeamState& team) {
    if (!times_.measured()) return team.held > (seconds > 0.0 ? 1 : 0);
    return team.held > 0 && static_cast<double>(team.held - 1) * times_.mean() >= seconds * 0.999;
  });
}

void Dispatcher::accept(int team, std::vector<TaskOutcome> outcomes) {
  for (const auto& outcome : outcomes) {
    if (outcome.fate == TaskFate::done) {
      journal_.add_done(outcome.task, queue_.failures_of(outcome.task) + 1, outcome.seconds, outcome.data);
    } else if (outcome.fate == TaskFate::failed) {
      journal_.add_failed(outcome.task, {outcome.rank, text_of(outcome.data)});
    }
  }
  journal_.flush();  // before anybody hears of it
  for (auto& outcome : outcomes) resolve(team, outcome);
  deliver_what_has_its_turn();
  note_idle_team(false);
}

void Dispatcher::resolve(int team, TaskOutcome& outcome) {
  if (outcome.fate == TaskFate::dropped) {
    queue_.drop(outcome.task);
    return;
  }
  times_.add(outcome.seconds, outcome.stretch);
  if (outcome.fate == TaskFate::failed) {
    queue_.fail(outcome.task, team, {outcome.rank, text_of(outcome.data)});
    return;
  }
  queue_.finish(outcome.task);
  deliver({.task = outcome.task,
           .data = outcome.data,
           .attempts = queue_.failures_of(outcome.task) + 1,
           .seconds = outcome.seconds});
}

void Dispatcher::deliver(const TaskResult& result) {
  if (!on_result_) return;
  if (options_.delivery == Delivery::as_completed || result.task == next_delivery_) {
    if (result.task == next_delivery_) ++next_delivery_;
    on_result_(result);
  } else {
    early_[result.task] = {result, {result.data.begin(), result.data.end()}};
  }
}

/// Results that were waiting for others before them, which have come or never will.
void Dispatcher::deliver_what_has_its_turn() {
  if (options_.delivery != Delivery::in_order || !on_result_) return;
  while (next_delivery_ < report_.tasks) {
    const auto result = early_.find(next_delivery_);
    if (result == early_.end() && !queue_.is_lost(next_delivery_)) return;
    ++next_delivery_;
    if (result == early_.end()) continue;
    result->second.result.data = result->second.data;
    on_result_(result->second.result);
    early_.erase(result);
  }
}

std::int64_t Dispatcher::next_chunk() const {
  return chunk_size(times_, options_.chunk, queue_.ready(), teams_.count());
}

std::vector<std::int64_t> Dispatcher::take(int team, std::int64_t at_most) {
  auto tasks = queue_.take(team, at_most);
  if (!tasks.empty()) tail_start_.reset();
  return tasks;
}

void Dispatcher::note_idle_team(bool root_is_idle) {
  if (tail_start_ || queue_.ready() > 0) return;
  if (root_is_idle ||
      std::any_of(others_.begin(), others_.end(), [](const TeamState& t) { return t.held == 0; }))
    tail_start_ = wall_.seconds();
}

std::int64_t Dispatcher::queued_elsewhere() const {
  std::int64_t queued = 0;
  for (const auto& team : others_) queued += std::max<std::int64_t>(0, team.held - 1);
  return queued;
}

void Dispatcher::hand_out() {
  // By turns, so that the first team does not get all there is.
  for (bool supplied_any = true; supplied_any && queue_.ready() > 0;) {
    supplied_any = false;
    for (auto& team : others_) supplied_any = supply(team) || supplied_any;
  }
}

bool Dispatcher::supply(TeamState& team) {
  const std::int64_t chunk = next_chunk();
  if (team.held > 0) {
    // Tasks are queued only while there is plenty: towards the end they must go to the team that is free
    // first.
    const bool root_works = own_ != nullptr && (times_.measured() || wall_.seconds() > long_without_result);
    if (team.held + chunk > tasks_ahead(times_, chunk, root_works)) return false;
    if (queue_.ready() - chunk < 2 * (queued_elsewhere() + chunk)) return false;
  }
  const auto tasks = take(team.team, chunk);
  if (tasks.empty()) return false;
  send(team.leader, OrderKind::tasks, tasks);
  team.held += std::ssize(tasks);
  return true;
}

void Dispatcher::send(int leader, OrderKind kind, const std::vector<std::int64_t>& tasks) {
  PacketWriter packet;
  packet.put(kind);
  for (const std::int64_t task : tasks) packet.put(TaskOrder{task, queue_.failures_of(task) + 1});
  sends_.push_back(channel_.start_message(packet.take(), leader, Tag::farm_order));
}

void Dispatcher::heed_cancel() {
  if (cancelled_ || !(cancel_requested_ || (options_.stop_requested && options_.stop_requested()))) return;
  cancelled_ = true;
  queue_.cancel();
  for (const auto& team : others_) send(team.leader, OrderKind::cancel, {});
}

FarmReport Dispatcher::report() const {
  FarmReport report = report_;
  report.done = queue_.done();
  report.retries = queue_.retries();
  report.failed = queue_.failed();
  report.not_run = queue_.not_run();
  report.cancelled = cancelled_;
  report.longest_task = times_.longest();
  return report;
}

}  // namespace orrery
