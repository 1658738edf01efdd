#include "farm/task.hpp"

#include <algorithm>

#include "core/number_text.hpp"

namespace orrery {
namespace {

constexpr std::chrono::microseconds between_polls{200};

}  // namespace

TaskContext::TaskContext(std::int64_t task, int attempt, const Communicator& ranks, double time_limit,
                         const std::function<void()>& poll)
    : task_(task),
      attempt_(attempt),
      ranks_(ranks),
      time_limit_(time_limit),
      poll_(poll),
      start_(Clock::now()),
      last_check_(start_),
      last_poll_(start_) {}

void TaskContext::note_stretch(Clock::time_point now) {
  longest_stretch_ = std::max(longest_stretch_, now - last_check_);
  last_check_ = now;
}

void TaskContext::check() {
  const auto now = Clock::now();
  note_stretch(now);
  if (time_limit_ > 0.0 && std::chrono::duration<double>(now - start_).count() > time_limit_)
    throw TaskStopped("not done within its " + duration_text(time_limit_));
  if (now - last_poll_ < between_polls) return;
  if (ranks_.size() > 1) ranks_.check_alarm();
  try {
    poll_();
  } catch (const Interrupted&) {
    // To the team this must look like any other failure, so that it ends together; `TaskRunner` knows better.
    interrupted_ = true;
    throw TaskStopped("the farm has failed on another rank");
  }
  last_check_ = last_poll_ = Clock::now();
}

}  // namespace orrery
