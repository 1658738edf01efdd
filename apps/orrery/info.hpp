/// `orrery info`.
#pragma once

#include <string>
#include <vector>

namespace orrery {

/// Tells what is in a trajectory file. Returns the exit code.
/// @param words  the whole command line
int info(int& argc, char**& argv, const std::vector<std::string>& words);

}  // namespace orrery
