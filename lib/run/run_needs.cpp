#include "run/run_needs.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "core/out_of_memory.hpp"
#include "io/output_place.hpp"
#include "io/unfinished_file.hpp"
#include "observe/memory.hpp"
#include "output/trajectory_output.hpp"

namespace orrery {
namespace {

/// Looks whether a text can be written where an option wants it; an older one is replaced.
void check_text_place(const char* option, const std::string& path) {
  if (path.empty() || is_written_in_place(end_of_links(option, path))) return;
  check_output_place(path, true, 0, {.option = option});
}

/// What this process and the others of a node could have, with what they have already.
MemoryRoom room_for(int processes) {
  MemoryRoom room = memory_room(processes);
  if (room.is_limited()) room.bytes += static_cast<std::uint64_t>(processes) * resident_bytes();
  return room;
}

}  // namespace

void check_places(const SimulationOptions& options, std::uint64_t bytes, const Communicator& ranks) {
  ranks.apply([&] {
    if (!ranks.is_root()) return;
    check_output_places(options.output, bytes);
    check_text_place("run.log", options.run.log);
    check_text_place("run.profile", options.run.profile);
  });
}

RunNeeds needs_of(const Simulation& simulation) {
  const OutputOptions& output = simulation.options().output;
  const Communicator& ranks = simulation.ranks();
  const ThreadShare& share = simulation.prepared().share;
  RunNeeds needs;
  RunPlan& plan = needs.plan = simulation.prepared().plan;
  needs.layout = simulation.layout(output.precision, output.images);
  plan.file = output.file;
  plan.file_bytes = TrajectoryFile::estimated_bytes(plan.particles, plan.frames, needs.layout);
  plan.memory_per_rank += pipeline_bytes(needs.layout, plan.particles);
  note_memory_need(plan.memory_per_rank);
  const int on_node = ranks.same_node().size();
  needs.node_memory = plan.memory_per_rank * static_cast<std::uint64_t>(on_node);
  needs.available_memory = room_for(on_node);

  struct Crowding {
    int threads;
    int processors;
  };
  const auto crowding =
      ranks.pull(Crowding{share.node_threads, static_cast<int>(share.all_processors.size())});
  for (const auto& node : crowding) {
    if (node.threads * needs.node_processors > needs.node_threads * node.processors ||
        node.threads > node.processors) {
      needs.node_threads = node.threads;
      needs.node_processors = node.processors;
    }
  }
  return needs;
}

bool takes_too_much(const RunNeeds& needs, const Communicator& ranks) {
  double too_much = needs.node_memory > needs.available_memory.bytes ? 1.0 : 0.0;
  ranks.maximum(std::span(&too_much, 1));
  return too_much > 0.0;
}

}  // namespace orrery
