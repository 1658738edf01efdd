/// What a benchmark finds around it before it begins.
#pragma once

#include <iosfwd>

#include "bench/bench_result.hpp"
#include "comm/communicator.hpp"
#include "comm/thread_share.hpp"

namespace orrery {

/// Chooses the best instruction set. Collective; complete on the root.
BenchSetup set_up_bench(const Communicator& ranks, int repeats, const ThreadShare& share);

/// Says so where threads have to take turns. On the root.
void warn_of_crowding(const ThreadShare& share, std::ostream& warnings);

}  // namespace orrery
