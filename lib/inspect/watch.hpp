/// `orrery watch`: follows a run that is still going.
#pragma once

#include "inspect/watch_options.hpp"

namespace orrery {

/// Shows on standard output how far a run is, from its trajectory file alone, until the run is complete. On a
/// terminal the view stays in place; elsewhere every new frame is a line. A child process does the reading.
/// @return the exit code: `input_data` when the file cannot be read, `simulation_failed` when it gave up
int follow_run(const WatchOptions& options);

}  // namespace orrery
