/// The runs of a sweep, each with its settings.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "configuration/run_settings.hpp"
#include "sweep/sweep_command.hpp"
#include "sweep/sweep_plan.hpp"

namespace orrery {

struct MemberConfiguration {
  std::string text;                ///< an INI file
  std::set<std::string> inputs{};  ///< files that are read
  std::set<std::string> seeds;     ///< options whose seeds have an effect
};

class SweepMembers {
public:
  /// Reads the command line on the root and tells the others what concerns them. Collective.
  /// @throws CollectiveError (usage or configuration)
  SweepMembers(const Communicator& ranks, const std::vector<std::string>& arguments,
               const std::vector<std::string>& environment);

  const SweepOptions& options() const { return options_; }
  std::int64_t count() const { return count_; }
  /// What to warn of: keys that have another name now. On the root.
  const std::vector<std::string>& notes() const { return notes_; }
  std::string directory_of(std::int64_t index) const {
    return options_.out + "/" + SweepPlan::directory_of(index);
  }

  /// What is varied, and how. On the root.
  const SweepPlan& plan() const { return plan_; }
  /// On the root.
  SweepMember member(std::int64_t index) const;
  /// The configuration of a member, checked. On the root. @throws Error naming the member
  MemberConfiguration configuration_of(const SweepMember& member) const;
  /// From now on members have the seeds of these options only, and `particles.seed`. On the root.
  void keep_seeds(const std::set<std::string>& keys);

private:
  std::vector<std::pair<std::string, std::string>> settings_of(const SweepMember& member) const;
  void read(const std::vector<std::string>& arguments, const std::vector<std::string>& environment);
  void refuse_what_the_sweep_sets() const;
  /// What the sweep reads is not to be where it writes.
  void refuse_input_within(const std::string& file) const;
  void push(const Communicator& ranks);

  SweepOptions options_;
  SweepPlan plan_{{}, 1};
  RunSettings run_settings_;
  std::vector<std::string> notes_;
  std::int64_t count_ = 0;
  /// A seed that members' own are drawn from.
  struct BaseSeed {
    std::string key;
    std::uint64_t value = 0;
  };
  std::vector<BaseSeed> base_seeds_;
};

}  // namespace orrery
