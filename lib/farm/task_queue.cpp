#include "farm/task_queue.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace orrery {

TaskQueue::TaskQueue(const TaskGraph& graph, int most_attempts, int teams)
    : count_(graph.count()),
      most_attempts_(most_attempts),
      teams_(teams),
      graph_(graph.dependants()),
      states_(static_cast<std::size_t>(count_), State::ready),
      ready_(count_) {
  for (std::size_t task = 0; task < graph_.needed.size(); ++task) {
    if (graph_.needed[task] == 0) continue;
    states_[task] = State::waiting;
    --ready_;
  }
}

bool TaskQueue::may_take(const Retry& retry, int team) const {
  const auto& refused = retry.refused_teams;
  return std::find(refused.begin(), refused.end(), team) == refused.end();
}

bool TaskQueue::only_for(int team) const {
  return std::any_of(retry_.begin(), retry_.end(), [&](const Retry& retry) {
    return std::ssize(retry.refused_teams) == teams_ - 1 && may_take(retry, team);
  });
}

bool TaskQueue::has_for(int team) const {
  return ready_ > std::ssize(retry_) ||
         std::any_of(retry_.begin(), retry_.end(), [&](const Retry& retry) { return may_take(retry, team); });
}

std::int64_t TaskQueue::take_fresh() {
  while (next_ < count_ && state(next_) != State::ready) ++next_;
  if (!released_.empty() && (next_ == count_ || released_.top() < next_)) {
    const std::int64_t task = released_.top();
    released_.pop();
    return task;
  }
  return next_ < count_ ? next_++ : -1;
}

std::vector<std::int64_t> TaskQueue::take(int team, std::int64_t at_most) {
  std::vector<std::int64_t> tasks;
  for (auto retry = retry_.begin(); retry != retry_.end() && std::ssize(tasks) < at_most;) {
    if (may_take(*retry, team)) {
      tasks.push_back(retry->task);
      retry = retry_.erase(retry);
    } else {
      ++retry;
    }
  }
  while (std::ssize(tasks) < at_most && ready_ - std::ssize(tasks) > std::ssize(retry_)) {
    tasks.push_back(take_fresh());
    ensure(tasks.back() >= 0, "ready tasks can be found");
  }
  for (const std::int64_t task : tasks) state(task) = State::handed_out;
  ready_ -= std::ssize(tasks);
  return tasks;
}

bool TaskQueue::is_lost(std::int64_t task) const {
  const State state = states_[static_cast<std::size_t>(task)];
  return state == State::failed || state == State::not_run;
}

int TaskQueue::failures_of(std::int64_t task) const {
  if (attempts_.empty()) return 0;
  const auto found = attempts_.find(task);
  return found == attempts_.end() ? 0 : static_cast<int>(found->second.size());
}

void TaskQueue::resolve(std::int64_t task, State how) {
  if (state(task) == State::ready) --ready_;
  state(task) = how;
  ++resolved_;
}

void TaskQueue::release_dependants(std::int64_t task) {
  for (const std::int64_t dependant : graph_.of(task)) {
    if (--graph_.needed[static_cast<std::size_t>(dependant)] > 0 || state(dependant) != State::waiting)
      continue;
    state(dependant) = State::ready;
    ++ready_;
    if (dependant < next_) released_.push(dependant);
  }
}

void TaskQueue::give_up_dependants(std::int64_t task) {
  std::vector<std::int64_t> lost{task};
  for (std::size_t at = 0; at < lost.size(); ++at) {
    for (const std::int64_t dependant : graph_.of(lost[at])) {
      if (state(dependant) != State::waiting) continue;
      resolve(dependant, State::not_run);
      blamed_.emplace(dependant, task);
      lost.push_back(dependant);
    }
  }
}

void TaskQueue::finish(std::int64_t task) {
  if (state(task) == State::done) return;
  resolve(task, State::done);
  ++done_;
  release_dependants(task);
}

void TaskQueue::fail_earlier(std::int64_t task, Attempt attempt) {
  auto& attempts = attempts_[task];
  attempts.push_back(std::move(attempt));
  if (std::ssize(attempts) < most_attempts_ || state(task) == State::done || state(task) == State::failed)
    return;
  resolve(task, State::failed);
  give_up_dependants(task);
}

bool TaskQueue::fail(std::int64_t task, int team, Attempt attempt) {
  auto& attempts = attempts_[task];
  attempts.push_back(std::move(attempt));
  if (std::ssize(attempts) >= most_attempts_) {
    resolve(task, State::failed);
    give_up_dependants(task);
    return true;
  }
  if (cancelled_) {
    resolve(task, State::not_run);
    return false;
  }
  auto& refused = refused_teams_[task];
  if (std::find(refused.begin(), refused.end(), team) == refused.end()) refused.push_back(team);
  if (std::ssize(refused) >= teams_) refused = teams_ > 1 ? std::vector{team} : std::vector<int>{};
  state(task) = State::ready;
  ++ready_;
  ++retries_;
  retry_.push_back({task, refused});
  return false;
}

void TaskQueue::drop(std::int64_t task) {
  resolve(task, State::not_run);
}

void TaskQueue::cancel() {
  cancelled_ = true;
  for (std::int64_t task = 0; task < count_; ++task) {
    if (state(task) == State::ready || state(task) == State::waiting) resolve(task, State::not_run);
  }
  retry_.clear();
  released_ = {};
}

std::vector<FailedTask> TaskQueue::failed() const {
  std::vector<FailedTask> failed;
  for (const auto& [task, attempts] : attempts_) {
    if (states_[static_cast<std::size_t>(task)] == State::failed) failed.push_back({task, attempts});
  }
  return failed;
}

std::vector<TaskNotRun> TaskQueue::not_run() const {
  std::vector<TaskNotRun> tasks;
  for (std::int64_t task = 0; task < count_; ++task) {
    if (states_[static_cast<std::size_t>(task)] != State::not_run) continue;
    const auto blamed = blamed_.find(task);
    tasks.push_back({task, blamed == blamed_.end() ? -1 : blamed->second});
  }
  return tasks;
}

}  // namespace orrery
