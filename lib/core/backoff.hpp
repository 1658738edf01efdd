/// Waiting that answers at once at first, and leaves the processor to others when it takes long.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

namespace orrery {

/// Yields for the first 50 microseconds; then sleeps an eighth of the time waited so far, 1 ms at most. Ranks
/// that share a processor thus do not take it from one another for nothing.
class Backoff {
public:
  void restart() { waiting_ = false; }

  void rest() {
    const auto now = Clock::now();
    if (!waiting_) start_ = now;
    waiting_ = true;
    const auto waited = now - start_;
    if (waited < std::chrono::microseconds(50)) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(std::min<Clock::duration>(waited / 8, std::chrono::milliseconds(1)));
    }
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_{};
  bool waiting_ = false;
};

}  // namespace orrery
