#include "output/frame_pipeline.hpp"

#include <algorithm>
#include <utility>

namespace orrery {

FrameLayout layout_of(const Law& law, Precision precision, bool is_mixture, ImagesInFile images) {
  const ElementType real = precision == Precision::float32 ? ElementType::float32 : ElementType::float64;
  FrameLayout layout;
  layout.constant.push_back({.name = "id", .components = 1, .type = ElementType::int64});
  for (const auto& column : law.parameters()) {
    if (column.is_constant())
      layout.constant.push_back({.name = column.dataset, .components = 1, .type = ElementType::float64});
  }
  if (is_mixture) {
    layout.constant.push_back({.name = "species", .components = 1, .type = ElementType::int32});
    layout.constant.push_back({.name = "mass", .components = 1, .type = ElementType::float64});
  }
  // Readers take three axes for granted; motion in the plane has z = 0.
  layout.per_frame.push_back(
      {.name = "position", .components = 3, .type = real, .dimension = Dimension::length});
  layout.per_frame.push_back(
      {.name = "velocity", .components = 3, .type = real, .dimension = Dimension::velocity});
  if (images == ImagesInFile::image)
    layout.per_frame.push_back({.name = "image", .components = 3, .type = ElementType::int32});
  return layout;
}

// Two chunks of the file: with positions and velocities in double, up to 3 MiB.
std::int64_t slice_rows_for(std::int64_t particle_count) {
  return std::min(2 * chunk_rows(particle_count), std::max<std::int64_t>(1, particle_count));
}

std::uint64_t pipeline_bytes(const FrameLayout& layout, std::int64_t particle_count) {
  return FrameWriter::staging_bytes(layout, slice_rows_for(particle_count));
}

FramePipeline::FramePipeline(const Communicator& ranks, EvenSplit split, const FrameLayout& layout,
                             std::int64_t frame_count, FrameSource& source,
                             std::optional<TrajectoryFile> file, const std::vector<int>& writer_processors,
                             Bookkeeping& books)
    : source_(source),
      books_(books),
      layout_(layout),
      frames_left_(frame_count),
      gather_(ranks, split, layout, slice_rows_for(split.items()),
              file ? &writer_.emplace(std::move(*file), layout, slice_rows_for(split.items()),
                                      writer_processors, books.timeline.writer())
                   : nullptr,
              books.clock) {
  books.memory.note("sending", gather_.bytes());
  books.memory.note("staging", writer_ ? writer_->bytes() : 0);
}

void FramePipeline::start_constant() {
  gather_.start_constant(
      [this](Range rows, std::span<std::byte* const> fields) { source_.pack_constant(rows, fields); });
}

void FramePipeline::start_frame(std::int64_t step) {
  gather_.finish();
  --frames_left_;
  const auto timing = books_.clock.in(Phase::gather);
  gather_.start_frame(source_.hold(step, frames_left_ == 0, layout_.per_frame[0].type));
}

void FramePipeline::finish() {
  gather_.finish();
  if (writer_) writer_->finish();
}

void FramePipeline::close(const RunTiming& timing) {
  if (!writer_) return;
  writer_->add_timing(timing);
  writer_->close();
}

std::vector<FrameHeader> FramePipeline::take_finished_frames() {
  return writer_ ? writer_->take_finished_frames() : std::vector<FrameHeader>();
}

}  // namespace orrery
