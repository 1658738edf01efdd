/// How `orrery watch` follows a run.
#pragma once

#include <cstdint>
#include <string>

#include "core/option_set.hpp"

namespace orrery {

struct WatchOptions {
  std::string file;
  std::string group;      ///< of particles; empty: the only one
  double interval = 1.0;  ///< [s]
  bool once = false;
  double give_up = 0.0;  ///< [s]; 0: never
  bool picture = true;

  void describe(OptionSet& options) {
    options.add("group", group, {"which group below /particles; without it the only one"});
    options.add("interval", interval, {.least = 0.05, .most = 3600.0},
                {"time between two looks at the file", "s"});
    options.add("once", once, {"show how far the run is, and end"});
    options.add("give-up", give_up, {.least = 0.0, .most = 1e9},
                {"end, with exit code 1, when no frame has come for so long; 0: never", "s"});
    options.add("picture", picture, {"draw where the particles are"});
  }
};

}  // namespace orrery
