/// The frame that every subcommand under MPI shares: start MPI, work, tell failures once, end in order.
#pragma once

#include <functional>

#include "comm/communicator.hpp"

namespace orrery {

/// Runs some work on all ranks. A failure that all of them know of is told once and ends them in order; any
/// other aborts the job with a message.
/// @return exit code
int on_all_ranks(int& argc, char**& argv, const std::function<void(const Communicator& ranks)>& work);

}  // namespace orrery
