/// Tasks with a time limit, and a journal: task 1 runs for ever but looks at its time, task 2 does not even
/// look.
///
///     mpirun -n 2 build/bin/example_farm_time_limit journal

#include <iostream>
#include <thread>

#include "comm/environment.hpp"
#include "farm/farm.hpp"

int main(int argc, char** argv) {
  const orrery::Environment environment(argc, argv);
  const auto ranks = orrery::Communicator::world();

  orrery::FarmOptions options{.retries = 1, .time_limit = 0.1, .patience = 1.0};
  if (argc > 1) options.journal = argv[1];
  options.identity = "ten tasks, one of which hangs";
  orrery::Farm farm(ranks, options);
  const auto report = farm.run(orrery::TaskGraph(10), [](orrery::TaskContext& context) {
    while (context.task() == 1) context.check();
    while (context.task() == 2) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return orrery::bytes_of(context.task());
  });
  if (ranks.is_root()) std::cout << report.done << " of 10 done\n" << orrery::failures_text(report);
  return 0;
}
