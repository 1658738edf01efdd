/// A counter that every thread of every rank adds to, and that is exact.
///
///     mpirun -n 3 build/bin/example_shared_counter

#include <cstdint>
#include <iostream>

#include "comm/communicator.hpp"
#include "comm/environment.hpp"
#include "comm/shared_counter.hpp"

int main(int argc, char** argv) {
  const orrery::Environment environment(argc, argv);
  const auto ranks = orrery::Communicator::world();
  orrery::SharedCounter counter(ranks);

  // Threads add among themselves: the loop's reduction is of whole numbers, so no order can show.
  std::int64_t mine = 0;
#pragma omp parallel for num_threads(4) reduction(+ : mine)
  for (int addition = 0; addition < 100'000; ++addition) mine += 1;
  // Ranks add to one number. Of several ranks that do, each is told what it was before.
  counter.add(mine);

  ranks.apply([] {});  // until all have added
  if (ranks.is_root()) std::cout << counter.read() << "\n";
  return 0;
}
