#include "farm/watchdog.hpp"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "farm/journal.hpp"

namespace orrery {

Watchdog::Watchdog(double time_limit, double patience, int rank, std::string journal)
    : limit_(time_limit),
      allowed_(time_limit + patience),
      rank_(rank),
      journal_(std::move(journal)),
      thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Watchdog::set_task(std::int64_t task) {
  {
    const std::scoped_lock lock(mutex_);
    task_ = task;
    deadline_ = std::chrono::steady_clock::now() +
                std::chrono::duration_cast<std::chrono::steady_clock::duration>(allowed_);
  }
  if (task >= 0) changed_.notify_one();
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    if (task_ < 0) {
      changed_.wait(lock);
    } else if (std::chrono::steady_clock::now() > deadline_) {
      end_job();
    } else {
      changed_.wait_until(lock, deadline_);
    }
  }
}

void Watchdog::end_job() const {
  const std::string message = "hung: it has run for " + duration_text(allowed_.count()) + ", its limit is " +
                              duration_text(limit_.count()) + ", and it does not check its time";
  if (!journal_.empty()) Journal::note_hung(journal_, task_, {rank_, message});
  std::cerr << "orrery: task " << task_ << " on rank " << rank_ << " " << message << "; the job is ended"
            << (journal_.empty() ? "" : " (the same command goes on from its journal)") << "\n"
            << std::flush;
  // A launcher ends the other ranks when one goes without a word to MPI, which only the main thread may call.
  std::_Exit(static_cast<int>(journal_.empty() ? ExitCode::internal : ExitCode::stopped));
}

}  // namespace orrery
