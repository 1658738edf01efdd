/// Where the time of a rank goes.
#pragma once

#include <array>

#include "comm/communicator.hpp"
#include "core/thread_watch.hpp"
#include "observe/phase.hpp"
#include "observe/timeline.hpp"

namespace orrery {

/// Charges all time of the main thread to exactly one phase at a time.
class PhaseClock {
public:
  PhaseClock() = default;
  /// @param timeline  notes what the clock charges; outlives it
  explicit PhaseClock(Timeline& timeline) : timeline_(&timeline) {}

  /// Charges time to a phase while it lives, then to the one before again.
  class Scope {
  public:
    Scope(PhaseClock& clock, Phase phase) : clock_(clock), before_(clock.current_) { clock_.enter(phase); }
    ~Scope() { clock_.enter(before_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

  private:
    PhaseClock& clock_;
    Phase before_;
  };

  [[nodiscard]] Scope in(Phase phase) { return {*this, phase}; }

  /// Adds time that another thread spent [s].
  void add(Phase phase, double seconds) { seconds_[static_cast<std::size_t>(phase)] += seconds; }

  /// Charges what has passed, so that all time until now is accounted for.
  void settle() { enter(current_); }

  double seconds(Phase phase) const { return seconds_[static_cast<std::size_t>(phase)]; }

private:
  void enter(Phase phase);

  std::array<double, phase_count> seconds_{};
  Phase current_ = Phase::other;
  Interval::Clock::time_point since_ = Interval::Clock::now();
  Timeline* timeline_ = nullptr;
};

/// Seconds in one phase over all ranks.
struct PhaseSpread {
  double min = 0.0;
  double mean = 0.0;
  double max = 0.0;
};

/// One for each reported phase.
using PhaseSpreads = std::array<PhaseSpread, reported_phases.size()>;

/// Spread of every reported phase. Collective; the result is complete on the root.
PhaseSpreads spread_of(const PhaseClock& clock, const Communicator& ranks);

/// The spread of one of the reported phases.
const PhaseSpread& spread_in(const PhaseSpreads& spreads, Phase phase);

/// How much longer the slowest rank takes than ranks do on average: 0.1 is a tenth longer. 0 for no time.
double imbalance_of(const PhaseSpread& spread);

}  // namespace orrery
