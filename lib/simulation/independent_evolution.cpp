#include "simulation/independent_evolution.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/even_split.hpp"
#include "observe/diagnostics.hpp"
#include "output/sample_rows.hpp"
#include "simulation/dynamics.hpp"

namespace orrery {
namespace {

/// Frames between the first and the last are sent while particles move on, so their positions are put aside.
constexpr bool needs_snapshot(std::int64_t frame_count) {
  return frame_count > 2;
}

}  // namespace

IndependentEvolution::IndependentEvolution(const Communicator& ranks, const IndependentLaw& law, double step,
                                           ParticleStore& particles, std::int64_t particle_count,
                                           std::int64_t frame_count, Bookkeeping& books)
    : ranks_(ranks),
      law_(law),
      particles_(particles),
      particle_count_(particle_count),
      books_(books),
      motion_(law, step, particles) {
  if (needs_snapshot(frame_count)) make_room_for_snapshot();
}

void IndependentEvolution::make_room_for_snapshot() {
  snapshot_.emplace(particles_.axes(), particles_.padded_size());
  books_.memory.note("snapshot", snapshot_->bytes());
}

std::uint64_t IndependentEvolution::bytes_per_particle(int axes, std::int64_t frame_count) {
  return needs_snapshot(frame_count) ? Snapshot::bytes_per_particle(axes) : 0;
}

/// A placeholder, for readers who want a box: a cube about the origin that holds all initial positions.
BoxInFile IndependentEvolution::box() const {
  double reach = motion_.reach();
  ranks_.maximum(std::span(&reach, 1));
  const double edge = 2.0 * reach > 0.0 && std::isfinite(2.0 * reach) ? 2.0 * reach : 1.0;
  return {.lengths = {edge, edge, edge}, .is_periodic = {}};
}

void IndependentEvolution::begin() {
  ranks_.apply([&] {
    motion_.begin();
    books_.memory.note("state", particles_.state_bytes());
  });
}

std::vector<std::pair<std::string, std::int64_t>> IndependentEvolution::count_forms() {
  std::vector<std::int64_t> counts = motion_.count_forms();
  ranks_.sum(counts);
  std::vector<std::pair<std::string, std::int64_t>> forms;
  for (std::size_t form = 0; form < counts.size(); ++form) {
    if (!law_.forms()[form].empty()) forms.emplace_back(law_.forms()[form], counts[form]);
  }
  return forms;
}

/// Steps between two looks whether to stop: some seconds of work of the rank with most particles, and so many
/// that setting out anew takes no time to speak of.
std::int64_t IndependentEvolution::steps_of_leg(Range steps) const {
  if (motion_.is_closed_form()) return std::max<std::int64_t>(1, steps.size());
  constexpr std::int64_t least_steps = 4096, particle_steps = 4'000'000'000;
  const std::int64_t most_particles = EvenSplit(particle_count_, ranks_.size()).part(0).size();
  return std::max(least_steps, particle_steps / std::max<std::int64_t>(1, most_particles));
}

Advance IndependentEvolution::evolve(Range steps, const StopRequest& stop, const Meanwhile& meanwhile) {
  const std::int64_t leg = steps_of_leg(steps);
  const auto all = static_cast<double>(steps.size());
  Advance reached{.step = steps.begin, .stopped = false};
  while (reached.step < steps.end) {
    double wish = stop.is_made() ? 1.0 : 0.0;
    ranks_.maximum(std::span(&wish, 1));
    reached.stopped = wish > 0.0;
    if (reached.stopped) break;
    const Range now{reached.step, std::min(reached.step + leg, steps.end)};
    const auto tell = [&](double fraction_done) {
      meanwhile(
          (static_cast<double>(now.begin - steps.begin) + fraction_done * static_cast<double>(now.size())) /
          all);
    };
    ranks_.apply([&] { motion_.evolve(now, tell, books_.timeline.workers(Phase::evolve)); });
    reached.step = now.end;
  }
  return reached;
}

std::vector<double> IndependentEvolution::measure(std::int64_t step, const Meanwhile& meanwhile) {
  const auto totals =
      ranks_.apply([&] { return motion_.measure(step, meanwhile, books_.timeline.workers(Phase::gather)); });
  return diagnostics_of(law_, totals, particle_count_, ranks_);
}

void IndependentEvolution::pack_constant(Range rows, std::span<std::byte* const> fields) const {
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

FrameGather::Pack IndependentEvolution::hold(std::int64_t step, bool stays, ElementType type) {
  const bool is_first = step == 0;  // initial positions do not change
  const Snapshot* source = nullptr;
  if (!stays && !is_first) {
    if (!snapshot_) make_room_for_snapshot();
    motion_.copy_to(*snapshot_);
    source = &*snapshot_;
  }
  return [this, source, step, type](Range rows, std::span<std::byte* const> fields) {
    pack_frame(source, step, type, rows, fields);
  };
}

void IndependentEvolution::pack_frame(const Snapshot* snapshot, std::int64_t step, ElementType type,
                                      Range rows, std::span<std::byte* const> fields) const {
  const std::size_t row_bytes = 3 * size_of(type);
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
    const std::size_t offset = (first + skip - begin) * row_bytes;
    finite &= write_sample(sample, skip, last - first - skip, type, {fields[0] + offset, fields[1] + offset});
  }
  if (!finite) {
    const std::size_t row = first_beyond_range(end - begin, type, fields);
    throw beyond_range(particles_.ids()[begin + row], step, type);
  }
}

Dynamics independent_dynamics() {
  return {.moves = [](const SimulationOptions& options) { return options.independent_law() != nullptr; },
          .check = [](const SimulationOptions&) {},
          .tells_species = [](const SimulationOptions&) { return false; },
          .bytes =
              [](const SimulationOptions&, const PreparedRun& run) {
                const Range most = EvenSplit(run.plan.particles, run.plan.ranks).part(0);
                return static_cast<std::uint64_t>(most.size()) *
                       IndependentEvolution::bytes_per_particle(run.shape.axes, run.plan.frames);
              },
          .make = [](const DynamicsParts& of) -> std::unique_ptr<Evolution> {
            const RunPlan& plan = of.prepared.plan;
            return std::make_unique<IndependentEvolution>(of.ranks, *of.options.independent_law(), plan.step,
                                                          of.particles, plan.particles, plan.frames,
                                                          of.books);
          }};
}

}  // namespace orrery
