#include "sweep.hpp"

#include <iostream>

#include "environment_entries.hpp"
#include "on_all_ranks.hpp"
#include "stop_signal.hpp"
#include "sweep/sweep.hpp"

namespace orrery {

int sweep(int& argc, char**& argv, const std::vector<std::string>& words) {
  return on_all_ranks(argc, argv, [&words](const Communicator& ranks) {
    const StopSignal signal(true);
    run_sweep(
        ranks, {words.begin() + 2, words.end()}, environment_entries(), [&signal] { return signal.came(); },
        std::cout, std::cerr);
  });
}

}  // namespace orrery
