#include "farm/teams.hpp"

namespace orrery {

Teams::Teams(const FarmOptions& options, int rank_count) : ranks_per_team(options.ranks_per_task) {
  const bool leaves_no_rank_out = rank_count % ranks_per_team == 0;
  root_leads =
      options.root == RootWork::always || (options.root == RootWork::automatic && leaves_no_rank_out);
  for (int rank = root_leads ? 0 : 1; rank + ranks_per_team <= rank_count; rank += ranks_per_team)
    leaders.push_back(rank);
}

int Teams::team_of(int rank) const {
  const int first = leaders.front();
  if (rank < first) return -1;
  const int team = (rank - first) / ranks_per_team;
  return team < count() ? team : -1;
}

}  // namespace orrery
