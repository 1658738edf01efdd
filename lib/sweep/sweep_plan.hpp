/// Which runs a sweep consists of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
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
  std::vector<std::pair<std::string, std::uint64_t>> seeds{};  ///< by the options that set them
};

/// The option of the seed that sweeps have always drawn.
inline constexpr std::string_view first_seed = "particles.seed";

/// The seed that a member gets for an option: drawn from the option's own seed by the member's index and the
/// option's name, so that none resembles another. Below 2^53, so that tools which know doubles only can read
/// it.
std::uint64_t seed_of_member(std::string_view key, std::uint64_t base_seed, std::int64_t index);

/// The product of all variations, the last varying fastest, each member so many times over.
class SweepPlan {
public:
  /// @throws Error (usage) when an option is varied twice, or there are too many members
  SweepPlan(std::vector<Variation> variations, std::int64_t replicas);

  const std::vector<Variation>& variations() const { return variations_; }
  std::int64_t count() const { return count_; }
  /// Its seeds are the caller's to add.
  SweepMember member(std::int64_t index) const;

  /// Name of a member's directory below that of the sweep.
  static std::string directory_of(std::int64_t index);

private:
  std::vector<Variation> variations_;
  std::int64_t replicas_;
  std::int64_t count_;
};

}  // namespace orrery
