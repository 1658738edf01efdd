/// The whole run: scatter, evolve, gather, write.
#pragma once

#include <iosfwd>
#include <string>

#include "comm/communicator.hpp"
#include "simulation/simulation_options.hpp"

namespace orrery {

/// What is recorded about a run beside its results.
struct Provenance {
  std::string configuration;  ///< the resolved options, as an INI file that repeats the run
  std::string command_line;
};

/// Runs a simulation, or with `run.dry-run` says what it would take. Collective over all ranks, with the same
/// options on each.
/// @param out   for what people read; the root writes there, the other ranks nothing
/// @param warnings  likewise
/// @throws CollectiveError when anything failed on any rank
void simulate(const Communicator& ranks, const SimulationOptions& options, const Provenance& provenance,
              std::ostream& out, std::ostream& warnings);

}  // namespace orrery
