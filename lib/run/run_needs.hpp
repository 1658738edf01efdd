/// What a run will take, worked out before it starts.
#pragma once

#include <cstdint>

#include "core/memory_room.hpp"
#include "io/frame_layout.hpp"
#include "observe/run_report.hpp"
#include "simulation/simulation.hpp"

namespace orrery {

struct RunNeeds {
  RunPlan plan;
  FrameLayout layout;             ///< of frames in the file
  std::uint64_t node_memory = 0;  ///< that the ranks of the root's node will take [bytes]
  MemoryRoom available_memory;    ///< for them
  int node_threads = 1;           ///< of the most crowded node; known to the root
  int node_processors = 1;        ///< of that node
};

/// Looks whether the files of a run can be written where they are wanted. Collective.
/// @param bytes  that the trajectory and its sidecar will take
/// @throws CollectiveError (output)
void check_places(const SimulationOptions& options, std::uint64_t bytes, const Communicator& ranks);

/// Collective.
RunNeeds needs_of(const Simulation& simulation);

/// Whether a rank's node has less memory than its ranks would take. The same on all ranks. Collective.
bool takes_too_much(const RunNeeds& needs, const Communicator& ranks);

}  // namespace orrery
