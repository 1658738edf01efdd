/// `orrery watch`.
#pragma once

#include <string>
#include <vector>

namespace orrery {

/// Follows a run by its trajectory file. Returns the exit code.
/// @param words  the whole command line
int watch(int& argc, char**& argv, const std::vector<std::string>& words);

}  // namespace orrery
