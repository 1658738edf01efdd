/// The settings of `orrery distances`, from the command line alone.
#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "distances/distance_options.hpp"
#include "options/command.hpp"

namespace orrery {

extern const Command distances_command;

/// Reads and checks the command line on the root and gives its settings to all ranks. Collective.
/// @param arguments  what follows `distances` on the command line
/// @param options    set on return
/// @throws CollectiveError (usage) naming the option
void read_distances_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                            DistanceOptions& options);

}  // namespace orrery
