/// What one thread did, and when, in bounded memory.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/thread_watch.hpp"
#include "observe/phase.hpp"

namespace orrery {

/// A stretch of one phase on one thread, in nanoseconds of a steady clock. Can be sent as its bytes.
struct PhaseInterval {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  Phase phase = Phase::other;

  bool operator==(const PhaseInterval&) const = default;
};

/// Written by one thread at a time, in the order of time.
///
/// Time is cut into pieces no shorter than the resolution, at first 10 us. A shorter stretch is drawn as part
/// of what is around it, and saved up: once there is a piece's worth of its phase, it is drawn. So every
/// phase gets its time, to within a few times the resolution, however short its stretches are; when exactly
/// they were is lost. Neighbours of one phase are one piece.
///
/// A track that is full is drawn again at twice the resolution, as often as it takes to halve it: a long run
/// is drawn coarser, never cut off.
class Track {
public:
  /// Most pieces that are kept: 1 MiB of them, and once they are drawn again, as much for that.
  static constexpr std::size_t default_capacity = std::size_t{1} << 16;
  static constexpr std::chrono::nanoseconds finest_resolution = std::chrono::microseconds(10);

  /// @param capacity  most pieces, at least 32. Room for them is set aside here, so that nothing else can run
  /// out of memory
  explicit Track(std::size_t capacity = default_capacity)
      : capacity_(capacity),
        pieces_(std::make_unique_for_overwrite<Piece[]>(capacity)),
        spare_(std::make_unique_for_overwrite<Piece[]>(capacity)) {}

  /// Notes what the thread did. What lies between two calls is idle, and is not a phase.
  /// @pre the stretch begins no sooner than the one before ended
  void add(Phase phase, Interval worked);

  /// Draws all again, coarser, until no more than so many pieces are left. @param pieces  at least 1
  void shrink(std::size_t pieces);

  /// What was noted, in order of time and without overlap; idle time is left out.
  std::vector<PhaseInterval> intervals() const;

  std::chrono::nanoseconds resolution() const { return resolution_; }

  /// Bytes written to so far.
  std::size_t bytes() const { return (resolution_ > finest_resolution ? 2 : 1) * most_ * sizeof(Piece); }

private:
  /// From here to the begin of the next piece.
  struct Piece {
    std::int64_t begin;
    std::size_t what;  ///< a phase, or `idle`
  };
  static constexpr std::size_t idle = phase_count;

  void advance(std::size_t what, std::int64_t until);
  void close_window();
  void append(std::int64_t begin, std::size_t what);
  std::size_t greatest_balance() const;

  std::size_t capacity_;
  std::chrono::nanoseconds resolution_ = finest_resolution;
  std::unique_ptr<Piece[]> pieces_;
  std::unique_ptr<Piece[]> spare_;
  std::size_t size_ = 0;  ///< pieces so far
  std::size_t most_ = 0;  ///< most that there ever were
  bool has_begun_ = false;
  std::int64_t end_ = 0;           ///< of all that was noted
  std::int64_t window_begin_ = 0;  ///< of what is not drawn yet
  /// Time of each phase that is not drawn yet, below 0 where more was drawn than was noted; the sum is the
  /// length of the window [ns].
  std::array<std::int64_t, phase_count + 1> balance_{};
};

}  // namespace orrery
