#include "distances.hpp"

#include <iostream>

#include "distances/distances_command.hpp"
#include "distances/measure_distances.hpp"
#include "on_all_ranks.hpp"

namespace orrery {

int distances(int& argc, char**& argv, const std::vector<std::string>& words) {
  return on_all_ranks(argc, argv, [&words](const Communicator& ranks) {
    DistanceOptions options;
    read_distances_command(ranks, {words.begin() + 2, words.end()}, options);
    measure_distances(ranks, options, std::cout, std::cerr);
  });
}

}  // namespace orrery
