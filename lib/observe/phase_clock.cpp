#include "observe/phase_clock.hpp"

#include <algorithm>

namespace orrery {

std::string_view name_of(Phase phase) {
  static constexpr std::array<std::string_view, phase_count> names{"read", "scatter", "evolve", "gather",
                                                                   "wait", "write",   "other"};
  return names[static_cast<std::size_t>(phase)];
}

void PhaseClock::enter(Phase phase) {
  seconds_[static_cast<std::size_t>(current_)] += watch_.seconds();
  watch_.restart();
  current_ = phase;
}

std::array<PhaseSpread, reported_phases.size()> spread_of(const PhaseClock& clock,
                                                          const Communicator& ranks) {
  std::array<PhaseSpread, reported_phases.size()> spreads;
  for (std::size_t index = 0; index < reported_phases.size(); ++index) {
    const auto seconds = ranks.pull(clock.seconds(reported_phases[index]));
    if (seconds.empty()) continue;
    PhaseSpread& spread = spreads[index];
    spread.min = *std::min_element(seconds.begin(), seconds.end());
    spread.max = *std::max_element(seconds.begin(), seconds.end());
    for (const double value : seconds) spread.mean += value / static_cast<double>(seconds.size());
  }
  return spreads;
}

}  // namespace orrery
