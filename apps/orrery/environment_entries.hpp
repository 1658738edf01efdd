/// The environment as the program finds it.
#pragma once

#include <string>
#include <vector>

namespace orrery {

/// Entries "NAME=value".
std::vector<std::string> environment_entries();

}  // namespace orrery
