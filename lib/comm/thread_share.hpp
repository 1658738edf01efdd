/// How many threads each rank runs, and where.
#pragma once

#include <vector>

#include "comm/communicator.hpp"

namespace orrery {

struct ThreadShare {
  int threads = 1;                  ///< of this rank
  std::vector<int> processors;      ///< that this rank may use
  int node_threads = 1;             ///< of all ranks on this node
  std::vector<int> all_processors;  ///< that those ranks may use together
};

/// Shares the node's processors among its ranks and sets up this rank's threads accordingly. A rank that its
/// launcher bound to fewer processors than it has threads is given its share of what the launcher may use.
/// Collective over all ranks.
/// @throws CollectiveError (internal) when there is no room for so many threads
/// @param wanted  threads per rank; 0 for a fair share
ThreadShare share_threads(const Communicator& ranks, int wanted);

}  // namespace orrery
