#include "simulation/run_plan.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "core/even_split.hpp"
#include "core/instruction_set.hpp"
#include "core/out_of_memory.hpp"
#include "core/processors.hpp"
#include "io/open_source.hpp"
#include "observe/frame_schedule.hpp"
#include "observe/memory.hpp"
#include "particles/particle_store.hpp"
#include "simulation/dynamics.hpp"

namespace orrery {
namespace {

int count_nodes(const Communicator& ranks) {
  std::int64_t first_of_node = ranks.same_node().is_root() ? 1 : 0;
  ranks.sum(std::span(&first_of_node, 1));
  return static_cast<int>(first_of_node);
}

/// @param evolving  what the law's motion takes [bytes]
std::uint64_t memory_estimate(const RunPlan& plan, const ParticleShape& shape, bool consecutive_ids,
                              std::uint64_t evolving) {
  const std::int64_t most = EvenSplit(plan.particles, plan.ranks).part(0).size();
  const std::size_t columns =
      ParticleStore::bytes_per_particle(shape.axes, static_cast<int>(shape.parameters.size()));
  const std::size_t ids = consecutive_ids ? 0 : sizeof(ParticleId);
  return resident_bytes() + static_cast<std::uint64_t>(most) * (columns + ids) + evolving;
}

/// Steps that went before the frame that a run begins with, as far as its file tells; by these noise goes on.
/// Noise tells so many steps apart; any number in a stranger's file will do.
std::int64_t steps_before(const StoredStart& start) {
  constexpr std::uint64_t steps_told_apart = std::uint64_t{1} << 56;
  const std::uint64_t steps =
      static_cast<std::uint64_t>(start.first_step) + static_cast<std::uint64_t>(start.step.value_or(0));
  return static_cast<std::int64_t>(steps % steps_told_apart);
}

/// Gives the root's names of units to all. Collective.
void push_units(UnitNames& units, const Communicator& ranks) {
  ranks.push(units.length);
  ranks.push(units.time);
  ranks.push(units.nominal);
}

/// What the particle file tells. Where the box is set anyway, a file that is at fault tells nothing: what is
/// wrong with it will be said when it is opened.
StoredStart stored_start(const SimulationOptions& options) {
  try {
    return read_stored_start(options.particles);
  } catch (const Error&) {
    if (options.box.lengths[0] == 0.0) throw;
    return {};
  }
}

/// The box, which the particle file may tell. Collective.
std::optional<Box> starting_box(const SimulationOptions& options, const Communicator& ranks) {
  if (!options.asks_file_for_box()) return options.particle_box();
  Box box;
  ranks.apply([&] {
    if (!ranks.is_root()) return;
    const StoredStart start = stored_start(options);
    box = *options.particle_box(start.box ? &*start.box : nullptr);
    options.check_box(box);
  });
  ranks.push(box);
  return box;
}

}  // namespace

PreparedRun prepare_run(const SimulationOptions& options, const Communicator& ranks) {
  const Law& law = options.law();
  const Dynamics& dynamics = dynamics_of(options);
  PreparedRun run;
  RunPlan& plan = run.plan;
  plan.instruction_set = ranks.apply([&] { return choose_instruction_set(options.run.instruction_set); });
  run.share = share_threads(ranks, static_cast<int>(options.run.threads));
  ranks.apply([&] { dynamics.check(options); });
  run.box = starting_box(options, ranks);
  run.shape = options.particle_shape(run.box);
  run.source = open_source(options.particles, run.shape, run.box, ranks);

  ranks.apply([&] {
    if (!ranks.is_root()) return;
    const StoredStart& start = run.source.source->start();
    run.units = output_units(options.output.units, start);
    run.notes = start.notes;
    plan.first_step = steps_before(start);
    if (const auto note = note_on_units(run.units); !note.empty()) run.notes.push_back(note);
  });

  ranks.push(plan.first_step);
  push_units(run.units, ranks);
  plan.law = law.name();
  plan.method = law.method();
  plan.diagnostics = options.diagnostics();
  plan.ranks = ranks.size();
  plan.nodes = count_nodes(ranks);
  plan.threads = ranks.pull(run.share.threads);
  plan.processors = processor_list_text(run.share.processors);
  plan.particles = run.source.count;
  plan.step = options.time.step;
  plan.end = options.time.last_time();
  plan.steps = options.time.step_count();
  plan.frames = FrameSchedule(plan.steps, static_cast<std::int64_t>(options.output.every)).count();
  const std::uint64_t evolving = ranks.apply([&] { return dynamics.bytes(options, run); });
  plan.memory_per_rank = memory_estimate(plan, run.shape, run.source.consecutive_ids, evolving);
  note_memory_need(plan.memory_per_rank);
  return run;
}

}  // namespace orrery
