/// Which build of Orrery this is.
#pragma once

#include <string_view>

namespace orrery {

/// Version of the project, "major.minor.patch".
std::string_view version();

/// Compiler that built the program, such as "GNU 12.2.0".
std::string_view compiler();

}  // namespace orrery
