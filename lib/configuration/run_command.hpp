/// The command line of `orrery run`.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "configuration/provenance.hpp"
#include "configuration/simulation_options.hpp"
#include "options/command.hpp"

namespace orrery {

extern const Command run_command;

/// Reads and checks all settings on the root and gives them to all ranks. Collective.
/// @param arguments    what follows `run` on the command line
/// @param environment  entries "NAME=value"
/// @param options      set on return
/// @param warnings     for what people read, of the root: keys that have another name now
/// @return what to record about the run, the command line aside
/// @throws CollectiveError (usage or configuration) naming option, variable, or file and line
Provenance read_run_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                            const std::vector<std::string>& environment, SimulationOptions& options,
                            std::ostream& warnings);

}  // namespace orrery
