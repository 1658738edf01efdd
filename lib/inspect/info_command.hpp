/// The settings of `orrery info`, from the command line alone. Local: this command runs without MPI.
#pragma once

#include <string>
#include <vector>

#include "inspect/info_options.hpp"
#include "options/command.hpp"

namespace orrery {

extern const Command info_command;

/// @param arguments  what follows `info` on the command line
/// @throws Error (usage) naming the option, or that the file is missing
InfoOptions read_info_command(const std::vector<std::string>& arguments);

}  // namespace orrery
