/// `orrery distances`: distances between all points of a file, from start to end.
#pragma once

#include <string>
#include <vector>

namespace orrery {

/// @param words  the command line, program name first
/// @return exit code
int distances(int& argc, char**& argv, const std::vector<std::string>& words);

}  // namespace orrery
