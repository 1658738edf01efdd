#include "core/instruction_set.hpp"

#include "core/vector_targets.hpp"
// After it:
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "core/error.hpp"

namespace orrery {
namespace {

struct InstructionSet {
  std::string name;
  std::int64_t target = 0;  ///< the vector library's number for it
};

/// What this processor has and this build supports, best first.
const std::vector<InstructionSet>& instruction_sets() {
  static const std::vector<InstructionSet> sets = [] {
    std::vector<InstructionSet> found;
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets())
      found.push_back({hwy::TargetName(target), target});
    return found;
  }();
  return sets;
}

}  // namespace

std::vector<std::string> available_instruction_sets() {
  std::vector<std::string> names;
  for (const auto& set : instruction_sets()) names.push_back(set.name);
  return names;
}

std::string choose_instruction_set(const std::string& name, const std::string& option) {
  const auto& sets = instruction_sets();
  ensure(!sets.empty(), "no instruction set");
  const auto match = name == "auto" ? sets.begin()
                                    : std::find_if(sets.begin(), sets.end(),
                                                   [&](const auto& set) { return set.name == name; });
  if (match == sets.end()) {
    std::string names;
    for (const auto& set : sets) names += ", " + set.name;
    throw Error(ExitCode::usage,
                option + " " + name + " is not supported by this processor; choose one of auto" + names);
  }
  hwy::SetSupportedTargetsForTest(match->target);
  return match->name;
}

}  // namespace orrery
