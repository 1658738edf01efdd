/// What a farm costs: many tasks that do nothing, or that take a given time.
///
///     mpirun -n 2 build/bin/example_farm_overhead [TASKS [MICROSECONDS [CHUNK]]]

#include <chrono>
#include <iostream>
#include <string>

#include "comm/environment.hpp"
#include "farm/farm.hpp"

namespace {

/// Busy without ever calling `check`, as a task that knows nothing of farms.
void work_for(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  const orrery::Environment environment(argc, argv);
  const auto ranks = orrery::Communicator::world();
  const std::int64_t tasks = argc > 1 ? std::stoll(argv[1]) : 1'000'000;
  const std::chrono::microseconds length(argc > 2 ? std::stoll(argv[2]) : 0);
  const std::int64_t chunk = argc > 3 ? std::stoll(argv[3]) : 0;

  orrery::Farm farm(ranks, {.chunk = chunk});
  const orrery::FarmReport report = farm.run(orrery::TaskGraph(tasks), [&](orrery::TaskContext&) {
    if (length.count() > 0) work_for(length);
    return std::vector<std::byte>();
  });
  if (ranks.is_root()) print_farm_report(std::cout, report);
  return 0;
}
