/// Elapsed wall-clock time.
#pragma once

#include <chrono>

namespace orrery {

class Stopwatch {
public:
  /// Seconds since construction or the last `restart`.
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  void restart() { start_ = Clock::now(); }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// Adds the time that it lives to a total [s].
class ScopedTimer {
public:
  explicit ScopedTimer(double& total) : total_(total) {}
  ~ScopedTimer() { total_ += watch_.seconds(); }
  ScopedTimer(const ScopedTimer&) = delete;
  ScopedTimer& operator=(const ScopedTimer&) = delete;

private:
  double& total_;
  Stopwatch watch_;
};

}  // namespace orrery
