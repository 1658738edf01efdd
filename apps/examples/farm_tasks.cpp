/// Tasks that fail now and then, and tasks that wait for others.
///
///     mpirun -n 3 build/bin/example_farm_tasks

#include <iostream>
#include <stdexcept>

#include "comm/environment.hpp"
#include "farm/farm.hpp"

int main(int argc, char** argv) {
  const orrery::Environment environment(argc, argv);
  const auto ranks = orrery::Communicator::world();

  orrery::TaskGraph tasks(10);  // the numbers 0 to 9
  tasks.require(8, 2);          // 8 waits for 2
  tasks.require(9, 7);

  orrery::Farm farm(ranks, {.retries = 1, .delivery = orrery::Delivery::in_order});
  const auto report = farm.run(
      tasks,
      [](orrery::TaskContext& context) {  // on whichever rank is free
        if (context.task() == 2 && context.attempt() == 1) throw std::runtime_error("not today");
        if (context.task() == 7) throw std::runtime_error("never");
        return orrery::bytes_of(context.task() * context.task());
      },
      [](const orrery::TaskResult& result) {  // on rank 0
        std::cout << "task " << result.task << ": " << orrery::value_of<std::int64_t>(result.data)
                  << (result.attempts > 1 ? " at the second attempt" : "") << "\n";
      });

  if (ranks.is_root()) {
    std::cout << report.done << " of " << report.tasks << " done\n";
    for (const auto& failed : report.failed)
      std::cout << "task " << failed.task << " failed: " << failed.attempts.back().message << "\n";
    for (const auto& task : report.not_run)
      std::cout << "task " << task.task << " was not run, as it depends on " << task.failed << "\n";
  }
  return 0;
}
