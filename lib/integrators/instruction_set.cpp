#include "integrators/instruction_set.hpp"

#include <algorithm>
#include <cstdint>

#include "core/error.hpp"
#include "integrators/independent_kernels.hpp"

namespace orrery {

std::vector<std::string> available_instruction_sets() {
  std::vector<std::string> names;
  for (const auto& set : kernel_instruction_sets()) names.push_back(set.name);
  return names;
}

std::string choose_instruction_set(const std::string& name, const std::string& option) {
  const auto sets = kernel_instruction_sets();
  ensure(!sets.empty(), "no instruction set");
  const auto match = name == "auto" ? sets.begin()
                                    : std::find_if(sets.begin(), sets.end(),
                                                   [&](const auto& set) { return set.name == name; });
  if (match == sets.end()) {
    std::string names;
    for (const auto& set : sets) names += ", " + set.name;
    throw Error(ExitCode::usage,
                option + " " + name + " is not to be had on this processor; choose one of auto" + names);
  }
  use_instruction_set(*match);
  return match->name;
}

}  // namespace orrery
