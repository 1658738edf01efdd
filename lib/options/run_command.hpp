/// The settings of `orrery run`, from command line, environment and configuration file.
#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "simulation/simulation.hpp"
#include "simulation/simulation_options.hpp"

namespace orrery {

/// The text of `orrery run --help`.
std::string run_help();

/// Reads and checks all settings on the root and gives them to all ranks. Collective.
/// @param arguments    what follows `run` on the command line
/// @param environment  entries "NAME=value"
/// @param options      set on return
/// @return what to record about the run, the command line aside
/// @throws CollectiveError (usage or configuration) naming option, variable, or file and line
Provenance read_run_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                            const std::vector<std::string>& environment, SimulationOptions& options);

}  // namespace orrery
