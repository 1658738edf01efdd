/// Frames on their way from the particles of all ranks into the file, beside the steps that follow.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "core/even_split.hpp"
#include "io/frame_writer.hpp"
#include "io/output_options.hpp"
#include "laws/law.hpp"
#include "observe/bookkeeping.hpp"
#include "output/frame_gather.hpp"

namespace orrery {

/// What a frame of a law's trajectory holds.
/// @param is_mixture  whether particles are of several species
FrameLayout layout_of(const Law& law, Precision precision, bool is_mixture = false,
                      ImagesInFile images = ImagesInFile::none);

/// Rows that travel and are written at a time.
std::int64_t slice_rows_for(std::int64_t particle_count);

/// Bytes that the pipeline takes on the rank that takes most.
std::uint64_t pipeline_bytes(const FrameLayout& layout, std::int64_t particle_count);

/// Where a rank's rows of frames come from: particles in the order of ids, each rank's even part.
class FrameSource {
public:
  FrameSource() = default;
  FrameSource(const FrameSource&) = delete;
  FrameSource& operator=(const FrameSource&) = delete;
  virtual ~FrameSource() = default;

  /// Writes columns that do not change, for some of this rank's rows.
  virtual void pack_constant(Range rows, std::span<std::byte* const> fields) const = 0;

  /// Makes ready to `hold` this rank's rows at the step that was reached. Collective.
  /// @param images  what is told of periods of the box; more than none only where they are counted
  virtual void prepare_frame(ImagesInFile images) = 0;

  /// Holds the particles of this rank still as they were when they were made ready, and says how their rows
  /// are written. Local.
  /// @param stays  whether particles will not move on before the rows are written
  /// @param type   of positions and velocities
  /// @return       how; it writes the same rows as long as it lives, or, where particles move without it
  ///               (`IndependentEvolution`), until the next call
  virtual FrameGather::Pack hold(std::int64_t step, bool stays, ElementType type) = 0;
};

class FramePipeline {
public:
  /// @param split        how particles are spread over ranks
  /// @param frame_count  frames that will come
  /// @param source       of this rank's rows; outlives this object, as `books` does
  /// @param file         on the root
  /// @param writer_processors  on which the writer thread may run
  /// @param books        charged for packing and sending, as `Phase::gather`; told what the buffers take
  /// Local.
  FramePipeline(const Communicator& ranks, EvenSplit split, const FrameLayout& layout,
                std::int64_t frame_count, FrameSource& source, std::optional<TrajectoryFile> file,
                const std::vector<int>& writer_processors, Bookkeeping& books);

  /// Sends off what does not change. Local, as are the others; every rank calls them in the same order.
  void start_constant();

  /// Sends off a frame of the particles as they are now, at step `step`; they may move on at once. Waits for
  /// the frame before to be out of the way.
  void start_frame(std::int64_t step);

  /// What is written beside the rows of the frame that was started last. Every frame is described before the
  /// next one is started.
  void describe_frame(const FrameHeader& header) { gather_.describe_frame(header); }

  /// Moves what is under way along, without waiting. Throws what writing threw.
  void progress() { gather_.progress(); }

  /// Waits until nothing is under way and, on the root, everything is written.
  void finish();
  /// After `finish`: adds where the time went, and closes the file.
  /// @param timing  complete on the root
  void close(const RunTiming& timing);

  /// On the root: headers of frames that are safe in the file since the last call. Throws what writing threw.
  std::vector<FrameHeader> take_finished_frames();

  /// On the root: time spent writing so far [s].
  double write_seconds() const { return writer_ ? writer_->write_seconds() : 0.0; }

private:
  FrameSource& source_;
  Bookkeeping& books_;
  FrameLayout layout_;
  std::int64_t frames_left_;
  std::optional<FrameWriter> writer_;
  FrameGather gather_;
};

}  // namespace orrery
