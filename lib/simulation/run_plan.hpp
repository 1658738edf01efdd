/// What a run will do and take, worked out and checked before it starts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "comm/communicator.hpp"
#include "comm/thread_share.hpp"
#include "configuration/simulation_options.hpp"
#include "io/unit_names.hpp"
#include "observe/run_report.hpp"
#include "sources/scatter.hpp"

namespace orrery {

/// A run whose settings and particle file are right; its particles are yet to be dealt out and tried.
struct PreparedRun {
  RunPlan plan;       ///< but for its file
  ThreadShare share;  ///< of this rank
  ParticleShape shape;
  std::optional<Box> box;  ///< of particles that act on each other
  OpenSource source;
  UnitNames units;
  std::vector<std::string> notes;  ///< warnings about the start file, each a sentence; known to the root
};

/// Chooses instructions and threads, opens and checks the particles. Collective. Writes nothing.
/// @throws CollectiveError
PreparedRun prepare_run(const SimulationOptions& options, const Communicator& ranks);

}  // namespace orrery
