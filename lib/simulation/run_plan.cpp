#include "simulation/run_plan.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "comm/thread_share.hpp"
#include "core/even_split.hpp"
#include "core/instruction_set.hpp"
#include "core/memory_room.hpp"
#include "core/out_of_memory.hpp"
#include "core/processors.hpp"
#include "io/open_source.hpp"
#include "io/output_place.hpp"
#include "io/trajectory_file.hpp"
#include "io/unfinished_file.hpp"
#include "io/xdmf_file.hpp"
#include "observe/frame_schedule.hpp"
#include "observe/memory.hpp"
#include "output/frame_pipeline.hpp"
#include "particles/particle_store.hpp"
#include "shortrange/law_check.hpp"
#include "simulation/independent_evolution.hpp"
#include "simulation/pair_estimate.hpp"

namespace orrery {
namespace {

int count_nodes(const Communicator& ranks) {
  std::int64_t first_of_node = ranks.same_node().is_root() ? 1 : 0;
  ranks.sum(std::span(&first_of_node, 1));
  return static_cast<int>(first_of_node);
}

/// @param evolving  what the law's motion takes [bytes]
std::uint64_t memory_estimate(const RunPlan& plan, const FrameLayout& layout, const ParticleShape& shape,
                              bool consecutive_ids, std::uint64_t evolving) {
  const std::int64_t most = EvenSplit(plan.particles, plan.ranks).part(0).size();
  const std::size_t columns =
      ParticleStore::bytes_per_particle(shape.axes, static_cast<int>(shape.parameters.size()));
  const std::size_t ids = consecutive_ids ? 0 : sizeof(ParticleId);
  return resident_bytes() + static_cast<std::uint64_t>(most) * (columns + ids) + evolving +
         pipeline_bytes(layout, plan.particles);
}

/// What the motion takes on the rank where it takes most [bytes]. Where it is one of pairs, refuses what
/// could not go on.
std::uint64_t motion_bytes(const SimulationOptions& options, const PreparedRun& run, int threads) {
  const RunPlan& plan = run.plan;
  if (options.independent_law() != nullptr) {
    return static_cast<std::uint64_t>(EvenSplit(plan.particles, plan.ranks).part(0).size()) *
           IndependentEvolution::bytes_per_particle(run.shape.axes, plan.frames);
  }
  const std::uint64_t fields =
      options.fields.acting().empty() ? 0 : bytes_in_fields(plan.particles, plan.ranks);
  const PairLaw* const law = options.pair_law();
  if (law == nullptr) return bytes_without_pairs(plan.particles, plan.ranks) + fields;
  const double cutoff = law->constants().cutoff, reach = cutoff + options.motion.skin_for(cutoff);
  const PairEstimate estimate =
      estimate_pairs(run.box.value(), reach, plan.particles, plan.ranks, threads, options.motion.precision);
  check_pairs(estimate, *law, run.box.value(), reach);
  return estimate.bytes + fields;
}

/// Steps that went before the frame that a run begins with, as far as its file tells; by these noise goes on.
/// Noise tells so many steps apart; any number in a stranger's file will do.
std::int64_t steps_before(const StoredStart& start) {
  constexpr std::uint64_t steps_told_apart = std::uint64_t{1} << 56;
  const std::uint64_t steps =
      static_cast<std::uint64_t>(start.first_step) + static_cast<std::uint64_t>(start.step.value_or(0));
  return static_cast<std::int64_t>(steps % steps_told_apart);
}

std::uint64_t sidecar_bytes(const RunPlan& plan, const FrameLayout& layout, const OutputOptions& output) {
  if (!output.xdmf) return 0;
  return XdmfFile::estimated_bytes(description_of(plan.file, plan.particles, layout), plan.frames);
}

/// What this process and the others of a node could have, with what they have already.
MemoryRoom room_for(int processes) {
  MemoryRoom room = memory_room(processes);
  if (room.is_limited()) room.bytes += static_cast<std::uint64_t>(processes) * resident_bytes();
  return room;
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

/// Looks whether a text can be written where an option wants it; an older one is replaced.
void check_text_place(const char* option, const std::string& path) {
  if (path.empty() || is_written_in_place(end_of_links(option, path))) return;
  check_output_place(path, true, 0, {.option = option});
}

}  // namespace

PreparedRun prepare_run(const SimulationOptions& options, const Communicator& ranks) {
  const Law& law = options.law();
  const auto check_output = [&](std::uint64_t bytes) {
    ranks.apply([&] {
      if (!ranks.is_root()) return;
      check_output_place(options.output.file, options.output.overwrite, bytes);
      if (options.output.xdmf)
        check_output_place(options.output.xdmf_file(), options.output.overwrite, 0,
                           {.option = "output.xdmf"});
      check_text_place("run.log", options.run.log);
      check_text_place("run.profile", options.run.profile);
    });
  };

  PreparedRun run;
  RunPlan& plan = run.plan;
  plan.instruction_set = ranks.apply([&] { return choose_instruction_set(options.run.instruction_set); });
  const ThreadShare share = share_threads(ranks, static_cast<int>(options.run.threads));
  check_output(0);
  ranks.apply([&] {
    if (options.pair_law() != nullptr) check_law(*options.pair_law());
    if (options.pair_law() != nullptr && options.motion.precision == PairPrecision::mixed)
      check_mixed_law(*options.pair_law());
  });
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
  plan.law = law.name();
  plan.method = law.method();
  plan.diagnostics = options.diagnostics();
  plan.ranks = ranks.size();
  plan.nodes = count_nodes(ranks);
  plan.threads = ranks.pull(share.threads);
  plan.processors = processor_list_text(share.processors);
  plan.particles = run.source.count;
  plan.step = options.time.step;
  plan.end = options.time.last_time();
  plan.steps = options.time.step_count();
  plan.frames = FrameSchedule(plan.steps, static_cast<std::int64_t>(options.output.every)).count();
  plan.file = options.output.file;
  const bool is_mixture = options.newtonian_law() != nullptr && options.motion.species.is_mixture();
  run.layout = layout_of(law, options.output.precision, is_mixture, options.output.images);
  plan.file_bytes = TrajectoryFile::estimated_bytes(plan.particles, plan.frames, run.layout);
  const std::uint64_t evolving = ranks.apply([&] { return motion_bytes(options, run, share.threads); });
  plan.memory_per_rank = memory_estimate(plan, run.layout, run.shape, run.source.consecutive_ids, evolving);
  run.threads = share.threads;
  run.writer_processors = share.all_processors;
  const int on_node = ranks.same_node().size();
  run.node_memory = plan.memory_per_rank * static_cast<std::uint64_t>(on_node);
  run.available_memory = room_for(on_node);
  note_memory_need(plan.memory_per_rank);
  check_output(plan.file_bytes + sidecar_bytes(plan, run.layout, options.output));

  struct Crowding {
    int threads;
    int processors;
  };
  const auto crowding =
      ranks.pull(Crowding{share.node_threads, static_cast<int>(share.all_processors.size())});
  for (const auto& node : crowding) {
    if (node.threads * run.node_processors > run.node_threads * node.processors ||
        node.threads > node.processors) {
      run.node_threads = node.threads;
      run.node_processors = node.processors;
    }
  }
  return run;
}

}  // namespace orrery
