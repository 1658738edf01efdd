/// A value for everybody, and one from everybody.
///
///     mpirun -n 3 build/bin/example_push_pull

#include <iostream>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "comm/environment.hpp"

int main(int argc, char** argv) {
  const orrery::Environment environment(argc, argv);
  const auto ranks = orrery::Communicator::world();

  std::vector<double> weights;  // known to rank 0 alone
  if (ranks.is_root()) weights = {0.5, 0.25, 0.25};
  ranks.push(weights);

  const double mine = weights[static_cast<std::size_t>(ranks.rank()) % weights.size()] * 8;
  for (const double value : ranks.pull(mine)) std::cout << value << "\n";  // on rank 0; empty elsewhere
  return 0;
}
