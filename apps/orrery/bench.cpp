#include "bench.hpp"

#include <iostream>

#include "bench/bench_rotation.hpp"
#include "on_all_ranks.hpp"
#include "options/bench_command.hpp"

namespace orrery {

int bench(int& argc, char**& argv, const std::vector<std::string>& words) {
  return on_all_ranks(argc, argv, [&words](const Communicator& ranks) {
    BenchOptions options;
    read_bench_command(ranks, {words.begin() + 2, words.end()}, options);
    bench_rotation(ranks, options, std::cout, std::cerr);
  });
}

}  // namespace orrery
