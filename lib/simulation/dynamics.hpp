/// The kinds of motion that there are, and what makes them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "comm/communicator.hpp"
#include "configuration/simulation_options.hpp"
#include "observe/bookkeeping.hpp"
#include "particles/particle_store.hpp"
#include "simulation/evolution.hpp"
#include "simulation/run_plan.hpp"

namespace orrery {

/// What a motion is made of; all of it outlives the motion.
struct DynamicsParts {
  const Communicator& ranks;
  const SimulationOptions& options;
  const PreparedRun& prepared;
  ParticleStore& particles;  ///< of this rank
  Bookkeeping& books;
};

/// One kind of motion, by functions that are all local.
struct Dynamics {
  /// Whether the settings ask for it.
  bool (*moves)(const SimulationOptions& options);
  /// Refuses a law that is at odds with itself.
  void (*check)(const SimulationOptions& options);
  /// Whether every particle is of a species.
  bool (*tells_species)(const SimulationOptions& options);
  /// What the motion takes on the rank where it takes most, the particles aside [bytes]. Refuses what could
  /// not go on.
  std::uint64_t (*bytes)(const SimulationOptions& options, const PreparedRun& prepared);
  std::unique_ptr<Evolution> (*make)(const DynamicsParts& parts);
};

Dynamics independent_dynamics();  ///< `independent_evolution.cpp`
Dynamics interacting_dynamics();  ///< `interacting_dynamics.cpp`

/// The kind that the settings ask for.
const Dynamics& dynamics_of(const SimulationOptions& options);

}  // namespace orrery
