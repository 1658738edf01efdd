#include "pi.hpp"

#include <iostream>

#include "on_all_ranks.hpp"
#include "stop_signal.hpp"
#include "yardsticks/pi.hpp"
#include "yardsticks/pi_command.hpp"

namespace orrery {

int pi(int& argc, char**& argv, const std::vector<std::string>& words) {
  return on_all_ranks(argc, argv, [&words](const Communicator& ranks) {
    PiOptions options;
    read_pi_command(ranks, {words.begin() + 2, words.end()}, options);
    const StopSignal signal(options.via == PiVia::farm);
    estimate_pi(
        ranks, options, [&signal] { return signal.came(); }, std::cout, std::cerr);
  });
}

}  // namespace orrery
