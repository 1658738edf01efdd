/// Which ranks work together, and which leads them.
#pragma once

#include <vector>

#include "farm/farm_options.hpp"

namespace orrery {

/// A team is `ranks_per_task` consecutive ranks, the first of which leads it. Rank 0 hands out; it leads a
/// team too, the first, unless it is not to work or a team fewer would come of it.
struct Teams {
  int ranks_per_team = 1;
  bool root_leads = true;
  std::vector<int> leaders;  ///< ranks, ascending

  Teams(const FarmOptions& options, int rank_count);

  int count() const { return static_cast<int>(leaders.size()); }
  /// The team of a rank; -1 for the root where it only hands out, and for ranks that are left over.
  int team_of(int rank) const;
};

}  // namespace orrery
