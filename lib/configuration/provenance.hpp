/// What is recorded about a run beside its results.
#pragma once

#include <string>

namespace orrery {

struct Provenance {
  std::string configuration;  ///< the resolved options, as an INI file that repeats the run
  std::string command_line;
};

}  // namespace orrery
