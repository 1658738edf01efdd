#include "core/failure_facts.hpp"

#include <string_view>
#include <utility>

namespace orrery {

std::string with_names(std::string words, const FailureFacts& facts) {
  for (std::size_t which = 0; which < particle_slots.size(); ++which) {
    const std::string_view slot = particle_slots[which];
    const std::int64_t index = facts.particles[which];
    const std::string name = index < 0       ? "another particle"
                             : facts.has_ids ? "particle " + std::to_string(facts.ids[which])
                                             : "particle #" + std::to_string(index);
    for (std::size_t at = words.find(slot); at != std::string::npos; at = words.find(slot, at + name.size()))
      words.replace(at, slot.size(), name);
  }
  return words;
}

FactualError::FactualError(ExitCode code, std::string words, const FailureFacts& facts)
    : Error(code, with_names(words, facts)), words_(std::move(words)), facts_(facts) {}

}  // namespace orrery
