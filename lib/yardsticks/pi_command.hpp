/// The settings of `orrery pi`, from the command line alone.
#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "options/command.hpp"
#include "yardsticks/pi_options.hpp"

namespace orrery {

extern const Command pi_command;

/// Reads and checks the command line on the root and gives its settings to all ranks. Collective.
/// @param arguments  what follows `pi` on the command line
/// @param options    set on return
/// @throws CollectiveError (usage) naming the option
void read_pi_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                     PiOptions& options);

}  // namespace orrery
