/// Uses the installed library with MPI: scatters eleven items and gathers them again.

#include <cstdint>
#include <exception>
#include <iostream>
#include <numeric>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "comm/environment.hpp"
#include "core/even_split.hpp"

int main(int argc, char** argv) {
  try {
    const orrery::Environment environment(argc, argv);
    const auto ranks = orrery::Communicator::world();
    std::vector<std::int64_t> items;
    if (ranks.is_root()) {
      items.resize(11);
      std::iota(items.begin(), items.end(), 0);
    }
    const auto part = ranks.scatter(std::span<const std::int64_t>(items));
    const auto mine = orrery::EvenSplit(11, ranks.size()).part(ranks.rank());
    orrery::ensure(std::ssize(part) == mine.size() && (mine.empty() || part.front() == mine.begin),
                   "this rank has other items than its part of the split");
    orrery::ensure(ranks.gather(std::span<const std::int64_t>(part)) == items,
                   "the gathered items differ from those scattered");
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "outside_ranks: " << failure.what() << "\n";
    return 1;
  }
}
