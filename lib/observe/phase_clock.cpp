#include "observe/phase_clock.hpp"

#include <algorithm>

namespace orrery {

void PhaseClock::enter(Phase phase) {
  const auto now = Interval::Clock::now();
  add(current_, std::chrono::duration<double>(now - since_).count());
  if (timeline_ != nullptr) timeline_->add(current_, {since_, now});
  since_ = now;
  current_ = phase;
}

PhaseSpreads spread_of(const PhaseClock& clock, const Communicator& ranks) {
  PhaseSpreads spreads;
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

const PhaseSpread& spread_in(const PhaseSpreads& spreads, Phase phase) {
  const auto place = std::find(reported_phases.begin(), reported_phases.end(), phase);
  return spreads.at(static_cast<std::size_t>(place - reported_phases.begin()));
}

double imbalance_of(const PhaseSpread& spread) {
  return spread.mean > 0.0 ? spread.max / spread.mean - 1.0 : 0.0;
}

}  // namespace orrery
