/// `orrery sweep`: many runs from start to end.
#pragma once

#include <string>
#include <vector>

namespace orrery {

/// @param words  the command line, program name first
/// @return exit code
int sweep(int& argc, char**& argv, const std::vector<std::string>& words);

}  // namespace orrery
