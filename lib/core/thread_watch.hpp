/// When threads work: told by the code that keeps them busy, for the code that draws a timeline.
#pragma once

#include <chrono>
#include <functional>

namespace orrery {

/// A stretch of time, by the clock that never goes back.
struct Interval {
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin;
  Clock::time_point end;
};

/// Told of a stretch of time in which a thread worked, when it is over, on that thread. Must not throw.
/// Empty: it is not called, and no time is taken.
/// @param thread  number of the thread in its team; 0 is the main thread
using ThreadWatch = std::function<void(int thread, Interval worked)>;

/// Takes the time of one thread's share of a parallel region while it lives. The loop before its end is
/// `nowait`, or the share holds the wait for the other threads too.
class ShareTimer {
public:
  ShareTimer(const ThreadWatch& watch, int thread) : watch_(watch), thread_(thread) {
    if (watch_) begin_ = Interval::Clock::now();
  }
  ~ShareTimer() {
    if (watch_) watch_(thread_, {begin_, Interval::Clock::now()});
  }
  ShareTimer(const ShareTimer&) = delete;
  ShareTimer& operator=(const ShareTimer&) = delete;

private:
  const ThreadWatch& watch_;
  int thread_;
  Interval::Clock::time_point begin_;
};

}  // namespace orrery
