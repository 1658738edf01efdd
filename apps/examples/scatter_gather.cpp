/// Items, dealt out evenly and brought back in order.
///
///     mpirun -n 4 build/bin/example_scatter_gather

#include <iostream>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "comm/environment.hpp"

int main(int argc, char** argv) {
  const orrery::Environment environment(argc, argv);
  const auto ranks = orrery::Communicator::world();

  std::vector<int> items(ranks.is_root() ? 11 : 0);
  std::iota(items.begin(), items.end(), 0);

  std::vector<int> mine = ranks.scatter(std::span<const int>(items));
  for (int& item : mine) item = 10 * item + ranks.rank();
  const auto all = ranks.gather(std::span<const int>(mine));

  for (const auto& text : ranks.pull(std::to_string(mine.size()))) std::cout << text << " items\n";
  for (const int item : all) std::cout << item << (item == all.back() ? "\n" : " ");
  return 0;
}
