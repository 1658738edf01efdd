#include "simulation/frame_pipeline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/error.hpp"
#include "simulation/interleave.hpp"

namespace orrery {
namespace {

/// Frames between the first and the last are sent while particles move on, so their positions are put aside.
constexpr bool needs_snapshot(std::int64_t frame_count) {
  return frame_count > 2;
}

/// Some rows of a sample's position or velocity in the precision of the file.
template <class Number>
bool write_rows(const std::array<double*, 3>& columns, std::size_t skip, std::size_t count, std::byte* out) {
  const ThreeColumns from{columns[0] + skip, columns[1] + skip,
                          columns[2] != nullptr ? columns[2] + skip : nullptr};
  return interleave(from, count, reinterpret_cast<Number*>(out));
}

/// The first row with a number that the file's precision cannot hold; @pre there is one
template <class Number>
std::size_t first_beyond_range(std::size_t count, std::span<std::byte* const> fields) {
  std::size_t row = count;
  for (const std::byte* const field : fields.first(2)) {
    const auto* const numbers = reinterpret_cast<const Number*>(field);
    const Number* const bad =
        std::find_if(numbers, numbers + 3 * count, [](Number n) { return !std::isfinite(n); });
    row = std::min(row, static_cast<std::size_t>(bad - numbers) / 3);
  }
  return row;
}

}  // namespace

FrameLayout layout_of(const IndependentLaw& law, Precision precision) {
  const ElementType real = precision == Precision::float32 ? ElementType::float32 : ElementType::float64;
  FrameLayout layout;
  layout.constant.push_back({.name = "id", .components = 1, .type = ElementType::int64});
  for (const auto& column : law.parameters()) {
    layout.constant.push_back({.name = column.dataset, .components = 1, .type = ElementType::float64});
  }
  // Readers take three axes for granted; motion in the plane has z = 0.
  layout.per_frame.push_back({.name = "position", .components = 3, .type = real, .unit = "Angstrom"});
  layout.per_frame.push_back({.name = "velocity", .components = 3, .type = real, .unit = "Angstrom ps-1"});
  return layout;
}

// Two chunks of the file: with positions and velocities in double, up to 3 MiB.
std::int64_t slice_rows_for(std::int64_t particle_count) {
  return std::min(2 * chunk_rows(particle_count), std::max<std::int64_t>(1, particle_count));
}

std::uint64_t pipeline_bytes(const FrameLayout& layout, int axes, std::int64_t particle_count,
                             std::int64_t most_on_a_rank, std::int64_t frame_count) {
  const std::uint64_t snapshot = needs_snapshot(frame_count) ? Snapshot::bytes_per_particle(axes) : 0;
  return FrameWriter::staging_bytes(layout, slice_rows_for(particle_count)) +
         snapshot * static_cast<std::uint64_t>(most_on_a_rank);
}

FramePipeline::FramePipeline(const Communicator& ranks, EvenSplit split, const FrameLayout& layout,
                             std::int64_t frame_count, const IndependentMotion& motion,
                             const ParticleStore& particles, std::optional<TrajectoryFile> file,
                             const std::vector<int>& writer_processors, Bookkeeping& books)
    : motion_(motion),
      particles_(particles),
      books_(books),
      layout_(layout),
      frames_left_(frame_count),
      snapshot_(needs_snapshot(frame_count)
                    ? std::optional<Snapshot>(std::in_place, particles.axes(), particles.padded_size())
                    : std::nullopt),
      gather_(ranks, split, layout, slice_rows_for(split.items()),
              file ? &writer_.emplace(std::move(*file), layout, slice_rows_for(split.items()),
                                      writer_processors, books.timeline.writer())
                   : nullptr,
              books.clock) {
  books.memory.note("snapshot", snapshot_ ? snapshot_->bytes() : 0);
  books.memory.note("sending", gather_.bytes());
  books.memory.note("staging", writer_ ? writer_->bytes() : 0);
}

void FramePipeline::start_constant() {
  gather_.start_constant(
      [this](Range rows, std::span<std::byte* const> fields) { pack_constant(rows, fields); });
}

void FramePipeline::start_frame(std::int64_t step) {
  gather_.finish();
  --frames_left_;
  const bool particles_move_on = frames_left_ > 0;
  const bool is_first = step == 0;  // initial positions do not change
  const Snapshot* source = nullptr;
  if (particles_move_on && !is_first) {
    const auto timing = books_.clock.in(Phase::gather);
    motion_.copy_to(*snapshot_);
    source = &*snapshot_;
  }
  gather_.start_frame([this, source, step](Range rows, std::span<std::byte* const> fields) {
    pack_frame(source, step, rows, fields);
  });
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

void FramePipeline::pack_constant(Range rows, std::span<std::byte* const> fields) const {
  for (std::int64_t row = rows.begin; row < rows.end; ++row) {
    const auto id = static_cast<std::int64_t>(number(particles_.ids()[static_cast<std::size_t>(row)]));
    std::memcpy(fields[0] + static_cast<std::size_t>(row - rows.begin) * sizeof(id), &id, sizeof(id));
  }
  for (int column = 0; column < particles_.parameters(); ++column) {
    const auto values = particles_.parameter(column).subspan(static_cast<std::size_t>(rows.begin),
                                                             static_cast<std::size_t>(rows.size()));
    std::memcpy(fields[1 + static_cast<std::size_t>(column)], values.data(), values.size_bytes());
  }
}

void FramePipeline::pack_frame(const Snapshot* snapshot, std::int64_t step, Range rows,
                               std::span<std::byte* const> fields) const {
  const bool single = layout_.per_frame[0].type == ElementType::float32;
  const std::size_t row_bytes = layout_.per_frame[0].row_bytes();
  const auto axes = static_cast<std::size_t>(particles_.axes());
  const auto begin = static_cast<std::size_t>(rows.begin);
  const auto end = static_cast<std::size_t>(rows.end);
  // Sampling starts at multiples of `row_alignment`; what lies before the first wanted row is skipped.
  const std::size_t aligned = begin / IndependentMotion::row_alignment * IndependentMotion::row_alignment;
  std::array<AlignedVector<double>, 6> buffers;
  Sample sample;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    buffers[axis].resize(block_size);
    buffers[3 + axis].resize(block_size);
    sample.position[axis] = buffers[axis].data();
    sample.velocity[axis] = buffers[3 + axis].data();
  }
  bool finite = true;
  // By this thread alone: it packs faster than the writer writes, and other threads, waiting for their share
  // of the next slice, would take the processor that the writer runs on.
  for (std::size_t first = aligned; first < end; first += block_size) {
    const std::size_t last = std::min(first + block_size, end);
    motion_.sample(step, snapshot, first, last - first, sample);
    const std::size_t skip = first < begin ? begin - first : 0;
    const std::size_t count = last - first - skip;
    const std::size_t offset = (first + skip - begin) * row_bytes;
    const auto write = single ? write_rows<float> : write_rows<double>;
    const bool position_fits = write(sample.position, skip, count, fields[0] + offset);
    const bool velocity_fits = write(sample.velocity, skip, count, fields[1] + offset);
    if (!position_fits || !velocity_fits) finite = false;
  }
  if (!finite) {
    const std::size_t row = single ? first_beyond_range<float>(end - begin, fields)
                                   : first_beyond_range<double>(end - begin, fields);
    throw Error(ExitCode::simulation_failed,
                "particle " + std::to_string(number(particles_.ids()[begin + row])) +
                    ": its position or velocity at step " + std::to_string(step) +
                    " is beyond the range of " +
                    (single ? "single precision; use output.precision double"
                            : "double precision; reduce its speed or the time step"));
  }
}

}  // namespace orrery
