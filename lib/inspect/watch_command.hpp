/// The settings of `orrery watch`, from the command line alone. Local: this command runs without MPI.
#pragma once

#include <string>
#include <vector>

#include "inspect/watch_options.hpp"
#include "options/command.hpp"

namespace orrery {

extern const Command watch_command;

/// @param arguments  what follows `watch` on the command line
/// @throws Error (usage) naming the option, or that the file is missing
WatchOptions read_watch_command(const std::vector<std::string>& arguments);

}  // namespace orrery
