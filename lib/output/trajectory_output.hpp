/// The trajectory of a run: a file, its sidecar, and frames on their way to it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "io/output_options.hpp"
#include "io/trajectory_file.hpp"
#include "observe/bookkeeping.hpp"
#include "output/frame_pipeline.hpp"

namespace orrery {

/// Bytes that a trajectory and its sidecar will take.
std::uint64_t output_bytes(const OutputOptions& options, std::int64_t particles, std::int64_t frames,
                           const FrameLayout& layout);

/// Looks on the root whether trajectory and sidecar can be written. Local; leaves nothing behind.
/// @param bytes  that they will take
/// @throws Error (output)
void check_output_places(const OutputOptions& options, std::uint64_t bytes);

class TrajectoryOutput {
public:
  /// Told of every frame that is safe in the file, in order, on the root.
  using Finished = std::function<void(std::int64_t frame, const FrameHeader& header)>;

  /// Makes the file, and sends off what does not change. To be called within `Communicator::apply`.
  /// @param info    all that the file says beside its frames, sidecar and file as in `options`; on other
  /// ranks
  ///                than the root at least particles, layout and planned frames
  /// @param source  of this rank's rows; outlives this object, as `ranks` and `books` do
  /// @param writer_processors  on which the root's writer thread may run
  TrajectoryOutput(const Communicator& ranks, const OutputOptions& options, const TrajectoryInfo& info,
                   FrameSource& source, const std::vector<int>& writer_processors, Finished finished,
                   Bookkeeping& books);

  /// Takes the particles as they are now for a frame. Collective.
  void prepare_frame() { source_.prepare_frame(images_); }

  /// Sends the frame off; the particles may move on at once. Waits for the frame before to be out of the way.
  /// @throws CollectiveError on every rank. Collective.
  void start_frame(std::int64_t step);

  /// What is written beside the rows of the frame that was started. Local.
  void describe_frame(const FrameHeader& header);

  /// Moves what is under way along, without waiting. Local; throws what writing threw.
  void progress();

  /// Waits until all frames are in the file. Collective. @throws CollectiveError
  void finish();

  /// The same after a failure, whose news another failure would not be. Collective.
  /// @return whether all frames are in the file, the same on all ranks
  bool finish_regardless();

  /// After `finish`: adds where the time went, and closes the file. Collective. @throws CollectiveError
  void close(const RunTiming& timing);

  /// Frames that are safe in the file; on the root.
  std::int64_t finished_frames() const { return finished_frames_; }
  /// The last frame that was described.
  const FrameHeader& last_frame() const { return last_frame_; }
  /// On the root: time spent writing so far [s].
  double write_seconds() const { return pipeline_.write_seconds(); }

private:
  const Communicator& ranks_;
  FrameSource& source_;
  ImagesInFile images_;
  Finished finished_;
  FrameHeader last_frame_{};
  std::int64_t finished_frames_ = 0;
  FramePipeline pipeline_;
};

}  // namespace orrery
