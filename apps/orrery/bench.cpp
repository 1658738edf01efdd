#include "bench.hpp"

#include <iostream>

#include "bench/bench_command.hpp"
#include "bench/bench_pairs.hpp"
#include "bench/bench_rotation.hpp"
#include "on_all_ranks.hpp"

namespace orrery {

int bench(int& argc, char**& argv, const std::vector<std::string>& words) {
  return on_all_ranks(argc, argv, [&words](const Communicator& ranks) {
    const std::vector<std::string> arguments{words.begin() + 2, words.end()};
    if (bench_name(arguments) == "pairs") {
      PairsOptions options;
      read_bench_command(ranks, arguments, options);
      bench_pairs(ranks, options, std::cout, std::cerr);
    } else {
      BenchOptions options;
      read_bench_command(ranks, arguments, options);
      bench_rotation(ranks, options, std::cout, std::cerr);
    }
  });
}

}  // namespace orrery
