/// `orrery info`: what is in a trajectory file, and whether it is whole.
#pragma once

#include "inspect/info_options.hpp"

namespace orrery {

/// Tells on standard output what is in a file; problems go to standard error, or into the JSON object. Never
/// crashes or hangs, whatever the file: a child process does the reading.
/// @return the exit code: `input_data` when anything is wrong with the file
int show_info(const InfoOptions& options);

}  // namespace orrery
