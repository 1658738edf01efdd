/// Writes a trajectory on a thread of its own, from two staging buffers, while the caller goes on.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/thread_watch.hpp"
#include "io/frame_layout.hpp"
#include "io/trajectory_file.hpp"

namespace orrery {

/// Part of a frame, or of the constant columns: consecutive rows of all their fields.
struct Slice {
  bool constant = false;  ///< constant columns, not a frame
  bool first_of_frame = false;
  bool last_of_frame = false;
  FrameHeader header;  ///< of the frame
  std::int64_t first_row = 0;
  std::int64_t row_count = 0;
  std::vector<std::vector<std::byte>> field;  ///< one buffer for each field, `row_count` rows each
};

/// Used by one thread of one rank. Slices are written in the order in which they are submitted.
class FrameWriter {
public:
  /// Told of each stretch of time spent writing, when it is over: on the writer's thread, and once more from
  /// `close`. Must not throw. Empty: it is not called.
  using Watch = std::function<void(Interval worked)>;

  /// @param slice_rows  most rows of a slice; two slices of this size are all the memory that the writer
  /// takes
  /// @param processors  that the thread may run on, so that it need not share those of the threads that move
  /// particles; empty: as the caller
  FrameWriter(TrajectoryFile file, const FrameLayout& layout, std::int64_t slice_rows,
              std::vector<int> processors = {}, Watch watch = {});

  /// Stops the thread. What is not yet written is not.
  ~FrameWriter();
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;

  /// An empty slice to fill and submit, or nullptr while both are in use. Throws what writing threw.
  Slice* try_acquire();
  void submit(Slice* slice);

  /// Headers of the frames that are safe in the file since the last call, oldest first. Throws what writing
  /// threw.
  std::vector<FrameHeader> take_finished_frames();

  /// Waits until all submitted slices are written, and takes no more. Throws what writing threw.
  void finish();
  /// After `finish`: adds where the time went.
  void add_timing(const RunTiming& timing);
  /// Finishes and closes the file. Throws what writing threw.
  void close();

  /// Time spent writing so far [s].
  double write_seconds() const;

  /// Bytes that both staging buffers take.
  std::size_t bytes() const;
  /// Bytes that they would take.
  static std::uint64_t staging_bytes(const FrameLayout& layout, std::int64_t slice_rows);

private:
  void work();
  void write(const Slice& slice);
  template <class Action>
  void do_last(const Action& action);
  double tell_of_writing_since(Interval::Clock::time_point begin) const;
  void rethrow_failure() const;

  TrajectoryFile file_;
  std::vector<int> processors_;
  Watch watch_;
  std::size_t constant_fields_;
  std::size_t frame_fields_;
  std::array<Slice, 2> slices_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Slice*> submitted_;       // guarded by mutex_
  std::deque<Slice*> free_;            // guarded by mutex_
  std::vector<FrameHeader> finished_;  // guarded by mutex_
  std::exception_ptr failure_;         // guarded by mutex_
  double write_seconds_ = 0.0;         // guarded by mutex_
  bool stop_ = false;                  // guarded by mutex_
  bool drain_ = false;                 // guarded by mutex_

  std::thread thread_;  // last: starts when all else is there
};

}  // namespace orrery
