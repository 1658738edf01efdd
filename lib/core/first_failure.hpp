/// What is thrown within a parallel region, where it would end the program.
#pragma once

#include <atomic>
#include <exception>
#include <mutex>

namespace orrery {

/// Carries the first exception out of a parallel region: the one way in which any leaves it.
class FirstFailure {
public:
  bool happened() const { return happened_.load(std::memory_order_relaxed); }

  /// Does some work of a thread, and keeps what it throws.
  template <class Work>
  void carry(const Work& work) noexcept {
    try {
      work();
    } catch (...) {
      capture();
    }
  }

  /// Throws what was kept, after the region.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

private:
  /// Keeps the exception that is being handled.
  void capture() noexcept {
    const std::scoped_lock lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    happened_ = true;
  }

  std::mutex mutex_;
  std::exception_ptr failure_;
  std::atomic<bool> happened_ = false;
};

}  // namespace orrery
