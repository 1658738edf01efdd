/// A function of every item of a sequence, each rank doing one block of it.
///
///     mpirun -n 3 build/bin/example_map_in_blocks

#include <iostream>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "comm/environment.hpp"

int main(int argc, char** argv) {
  const orrery::Environment environment(argc, argv);
  const auto ranks = orrery::Communicator::world();

  std::vector<double> radii;
  if (ranks.is_root()) radii = {1.0, 2.0, 3.0, 4.0, 5.0};

  const auto areas =
      ranks.map([](const double& radius) { return 3.0 * radius * radius; }, std::span<const double>(radii));

  for (const double area : areas) std::cout << area << "\n";
  return 0;
}
