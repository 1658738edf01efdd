/// Many ranks in one process, for tests of what ranks send each other.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "comm/communicator.hpp"

namespace orrery::test {

/// What a rank sent so far.
struct SentByRank {
  std::int64_t messages = 0;          ///< from rank to rank
  std::int64_t bytes = 0;             ///< in these
  std::int64_t collectives = 0;       ///< that it took part in
  std::int64_t collective_bytes = 0;  ///< that it got from these
};

/// Runs a function on simulated ranks, each with the communicator of all. A rank is a thread, and one runs at
/// a time: until it asks for something that is not there yet. So a run repeats exactly.
///
/// The calls of MPI that `Communicator` makes are defined anew in `simulated_ranks.cpp`, and those of the MPI
/// library are not linked: everything above is the program's own. A program that links it cannot use real
/// MPI. Sends are buffered. A request that is asked after is waited for, unless all ranks wait; where they do
/// so for good, each gets an error instead of its message.
/// @return what each rank sent
/// @throws what the first rank to fail threw
std::vector<SentByRank> run_on_simulated_ranks(int ranks,
                                               const std::function<void(const Communicator&)>& function);

/// Of the rank that asks, inside of `run_on_simulated_ranks`.
SentByRank sent_so_far();

}  // namespace orrery::test
