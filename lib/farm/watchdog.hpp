/// Ends a job in which a task hangs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace orrery {

/// A task that checks its time ends by itself when that is over. One that does not can only be ended together
/// with its process: this is what a thread of this object does, after a message and a line in the journal.
class Watchdog {
public:
  /// @param time_limit  of a task [s]
  /// @param patience    how much longer the task may take to notice [s]
  /// @param rank        of this process, for the message
  /// @param journal     file for a note; empty: none
  Watchdog(double time_limit, double patience, int rank, std::string journal);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// While it lives, a task is watched. One that was made by default does nothing.
  class Watched {
  public:
    Watched() = default;
    explicit Watched(Watchdog& dog) : dog_(&dog) {}
    ~Watched() {
      if (dog_ != nullptr) dog_->set_task(-1);
    }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

  private:
    Watchdog* dog_ = nullptr;
  };
  Watched watch(std::int64_t task) {
    set_task(task);
    return Watched(*this);
  }

private:
  void set_task(std::int64_t task);
  void run();
  [[noreturn]] void end_job() const;

  std::chrono::duration<double> limit_;
  std::chrono::duration<double> allowed_;
  int rank_;
  std::string journal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t task_ = -1;
  std::chrono::steady_clock::time_point deadline_{};
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace orrery
