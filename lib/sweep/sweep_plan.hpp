/// Which runs a sweep consists of.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace orrery {

/// An option and the values that it takes in turn.
struct Variation {
  std::string key;
  std::vector<std::string> values;
};

/// Reads "KEY=v1,v2,..." or "KEY=start:stop:count": so many numbers, evenly from start to stop, both
/// included.
/// @throws Error (usage)
Variation parse_variation(const std::string& text);

/// One run of a sweep.
struct SweepMember {
  std::int64_t index = 0;
  std::vector<std::pair<std::string, std::string>> values;  ///< of the varied options, in their order
  std::int64_t replica = 0;
  std::uint64_t seed = 0;
};

/// The product of all variations, the last varying fastest, each member so many times over.
class SweepPlan {
public:
  /// @throws Error (usage) when an option is varied twice, or there are too many members
  SweepPlan(std::vector<Variation> variations, std::int64_t replicas);

  const std::vector<Variation>& variations() const { return variations_; }
  std::int64_t count() const { return count_; }
  /// @param base_seed  members' seeds are drawn from it by their index, so that none resembles another
  SweepMember member(std::int64_t index, std::uint64_t base_seed) const;

  /// Name of a member's directory below that of the sweep.
  static std::string directory_of(std::int64_t index);

private:
  std::vector<Variation> variations_;
  std::int64_t replicas_;
  std::int64_t count_;
};

}  // namespace orrery
