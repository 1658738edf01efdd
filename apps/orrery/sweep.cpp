#include "sweep.hpp"

#include <unistd.h>

#include <iostream>

#include "environment_entries.hpp"
#include "observe/forgiving_output.hpp"
#include "on_all_ranks.hpp"
#include "stop_signal.hpp"
#include "sweep/sweep.hpp"

namespace orrery {

int sweep(int& argc, char**& argv, const std::vector<std::string>& words) {
  const ForgivingOutput results(std::cout, STDOUT_FILENO);
  const ForgivingOutput warnings(std::cerr, STDERR_FILENO);
  return on_all_ranks(argc, argv, [&words](const Communicator& ranks) {
    const StopSignal signal(true);
    run_sweep(
        ranks, {words.begin() + 2, words.end()}, environment_entries(), [&signal] { return signal.came(); },
        std::cout, std::cerr);
  });
}

}  // namespace orrery
