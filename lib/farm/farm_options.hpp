/// How a farm goes about its tasks.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

namespace orrery {

/// Whether the rank that hands out works too.
enum class RootWork {
  automatic,  ///< where the measured times say that no other worker waits for it
  always,     ///< for tasks that call `TaskContext::check` often
  never,
};

/// When results reach the handler.
enum class Delivery {
  as_completed,
  in_order,  ///< of the tasks; results that come early are kept on the root meanwhile
};

struct FarmOptions {
  int ranks_per_task = 1;
  std::int64_t chunk = 0;   ///< tasks handed out at once; 0: from measured task times
  int retries = 2;          ///< attempts of a task after its first
  double time_limit = 0.0;  ///< of each attempt [s]; 0: none
  double patience = 10.0;   ///< how far beyond its limit a task may go that does not check [s]
  RootWork root = RootWork::automatic;
  Delivery delivery = Delivery::as_completed;
  std::string journal{};                   ///< file that a stopped farm goes on from; empty: none
  std::string identity{};                  ///< of the work, for the journal: what all results depend on
  std::set<std::int64_t> again{};          ///< tasks to do whatever the journal says; the root's count
  std::function<bool()> stop_requested{};  ///< asked now and then on the root; true cancels the farm

  /// @throws Error (usage)
  void validate(int rank_count) const;

  int most_attempts() const { return retries + 1; }
};

}  // namespace orrery
