/// What a run will do and take, worked out and checked before it starts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "comm/communicator.hpp"
#include "configuration/simulation_options.hpp"
#include "core/memory_room.hpp"
#include "io/frame_layout.hpp"
#include "io/unit_names.hpp"
#include "observe/run_report.hpp"
#include "sources/scatter.hpp"

namespace orrery {

/// A run whose settings, files and places are right; its particles are yet to be dealt out and tried.
struct PreparedRun {
  RunPlan plan;
  FrameLayout layout;
  ParticleShape shape;
  std::optional<Box> box;  ///< of a pair law's particles
  OpenSource source;
  UnitNames units;                 ///< of the output; known to the root
  std::vector<std::string> notes;  ///< warnings about the start file, each a sentence; known to the root
  int threads = 1;                 ///< of this rank
  std::vector<int>
      writer_processors;  ///< on which the root's writer thread may run: wherever there is room on its node
  std::uint64_t node_memory = 0;  ///< that the ranks of the root's node will take [bytes]
  MemoryRoom available_memory;    ///< for them
  int node_threads = 1;           ///< of the most crowded node
  int node_processors = 1;        ///< of that node
};

/// Chooses instructions and threads, opens and checks the particles, checks the output's place. Collective.
/// Writes nothing.
/// @throws CollectiveError
PreparedRun prepare_run(const SimulationOptions& options, const Communicator& ranks);

}  // namespace orrery
