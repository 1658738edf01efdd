/// What the threads of one rank did, and when.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/thread_watch.hpp"
#include "observe/phase.hpp"
#include "observe/track.hpp"

namespace orrery {

/// A track for each thread that moves particles, and one for the thread that writes the trajectory. A
/// default-made timeline notes nothing.
class Timeline {
public:
  Timeline() = default;

  /// Begins to note what the main thread and the writer do.
  void begin();
  /// Makes the tracks of the other threads. @param threads  of this rank, the main thread among them
  void set_threads(int threads);

  /// Notes what the main thread did.
  void add(Phase phase, Interval worked) {
    if (!threads_.empty()) threads_.front().add(phase, worked);
  }

  /// Notes what the threads of a parallel region do, the main thread's share apart: that is in `add`. Empty
  /// when nothing is noted. The timeline must outlive it, and keep its threads.
  ThreadWatch workers(Phase phase);
  /// Notes when the writer writes; likewise.
  std::function<void(Interval worked)> writer();

  /// `Track::shrink` for every track.
  void shrink(std::size_t pieces);

  /// Shape (threads), the main thread first; empty when nothing is noted.
  std::span<const Track> threads() const { return threads_; }
  /// nullptr when nothing is noted.
  const Track* writer_track() const { return writer_ ? &*writer_ : nullptr; }

  /// Bytes that all tracks have written to so far.
  std::size_t bytes() const;

private:
  std::vector<Track> threads_;
  std::optional<Track> writer_;
};

}  // namespace orrery
