/// A function, applied once on every rank, and on some.
///
///     mpirun -n 4 build/bin/example_apply_everywhere

#include <array>
#include <iostream>
#include <string>

#include "comm/communicator.hpp"
#include "comm/environment.hpp"

int main(int argc, char** argv) {
  const orrery::Environment environment(argc, argv);
  const auto ranks = orrery::Communicator::world();

  const int square = ranks.apply([&] { return ranks.rank() * ranks.rank(); });
  for (const auto& text :
       ranks.pull("rank " + std::to_string(ranks.rank()) + " made " + std::to_string(square)))
    std::cout << text << "\n";

  const std::array chosen{0, 2};
  if (const auto some = ranks.subset(chosen)) {
    some->apply([&] {
      if (some->is_root()) std::cout << some->size() << " ranks did something by themselves\n";
    });
  }
  return 0;
}
