/// `orrery sweep`: many runs, each with values of its own, over all ranks.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "comm/communicator.hpp"

namespace orrery {

/// Checks every member, runs those that are not done yet, and leaves `summary.csv` and `summary.h5` in the
/// directory of the sweep. Collective over all ranks.
/// @param arguments    what follows `sweep` on the command line; that of rank 0 counts
/// @param environment  entries "NAME=value"; likewise
/// @param stop_requested  asked on the root now and then
/// @param out       for people; used on the root
/// @param warnings  likewise
/// @throws CollectiveError  for bad settings before any run begins; (simulation_failed) when runs failed;
/// (stopped)
void run_sweep(const Communicator& ranks, const std::vector<std::string>& arguments,
               const std::vector<std::string>& environment, const std::function<bool()>& stop_requested,
               std::ostream& out, std::ostream& warnings);

}  // namespace orrery
