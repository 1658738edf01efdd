/// A wish that work ends early, which may come from any thread or from a signal handler.
#pragma once

#include <atomic>

namespace orrery {

class StopRequest {
public:
  /// Async-signal-safe.
  void make() noexcept { made_.store(true, std::memory_order_relaxed); }
  bool is_made() const noexcept { return made_.load(std::memory_order_relaxed); }
  void withdraw() noexcept { made_.store(false, std::memory_order_relaxed); }

private:
  std::atomic<bool> made_ = false;
  static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not take a lock");
};

}  // namespace orrery
