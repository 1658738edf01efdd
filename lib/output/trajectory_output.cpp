#include "output/trajectory_output.hpp"

#include <utility>

#include "comm/collective_error.hpp"
#include "core/even_split.hpp"
#include "io/output_place.hpp"
#include "io/xdmf_file.hpp"

namespace orrery {
namespace {

std::optional<TrajectoryFile> file_on_root(const Communicator& ranks, const OutputOptions& options,
                                           const TrajectoryInfo& info) {
  if (!ranks.is_root()) return std::nullopt;
  return std::optional<TrajectoryFile>(std::in_place, options.file, info);
}

}  // namespace

std::uint64_t output_bytes(const OutputOptions& options, std::int64_t particles, std::int64_t frames,
                           const FrameLayout& layout) {
  std::uint64_t bytes = TrajectoryFile::estimated_bytes(particles, frames, layout);
  if (options.xdmf)
    bytes += XdmfFile::estimated_bytes(description_of(options.file, particles, layout), frames);
  return bytes;
}

void check_output_places(const OutputOptions& options, std::uint64_t bytes) {
  check_output_place(options.file, options.overwrite, bytes);
  if (options.xdmf) check_output_place(options.xdmf_file(), options.overwrite, 0, {.option = "output.xdmf"});
}

TrajectoryOutput::TrajectoryOutput(const Communicator& ranks, const OutputOptions& options,
                                   const TrajectoryInfo& info, FrameSource& source,
                                   const std::vector<int>& writer_processors, Finished finished,
                                   Bookkeeping& books)
    : ranks_(ranks),
      source_(source),
      images_(options.images),
      finished_(std::move(finished)),
      pipeline_(ranks, EvenSplit(info.particle_count, ranks.size()), info.layout, info.planned_frames, source,
                file_on_root(ranks, options, info), writer_processors, books) {
  pipeline_.start_constant();
}

void TrajectoryOutput::start_frame(std::int64_t step) {
  ranks_.apply([&] { pipeline_.start_frame(step); });
}

void TrajectoryOutput::describe_frame(const FrameHeader& header) {
  last_frame_ = header;
  pipeline_.describe_frame(header);
}

void TrajectoryOutput::progress() {
  pipeline_.progress();
  for (const auto& header : pipeline_.take_finished_frames()) finished_(finished_frames_++, header);
}

void TrajectoryOutput::finish() {
  ranks_.apply([&] {
    pipeline_.finish();
    progress();
  });
}

bool TrajectoryOutput::finish_regardless() {
  try {
    finish();
    return true;
  } catch (const CollectiveError&) {
    return false;  // the first failure is the one to tell
  }
}

void TrajectoryOutput::close(const RunTiming& timing) {
  ranks_.apply([&] { pipeline_.close(timing); });
}

}  // namespace orrery
