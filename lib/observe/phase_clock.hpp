/// Where the time of a rank goes.
#pragma once

#include <array>
#include <string_view>

#include "comm/communicator.hpp"
#include "core/stopwatch.hpp"

namespace orrery {

enum class Phase {
  read,     ///< making or reading particles
  scatter,  ///< sending them to their owners
  evolve,   ///< moving them
  gather,   ///< measuring, packing and sending frames
  wait,     ///< for other ranks or for the writer
  write,    ///< writing the file: beside the other phases, on the writer's thread
  other,    ///< start, checks, closing
};
inline constexpr std::size_t phase_count = 7;
/// Phases that are reported.
inline constexpr std::array reported_phases{Phase::read,   Phase::scatter, Phase::evolve,
                                            Phase::gather, Phase::wait,    Phase::write};

std::string_view name_of(Phase phase);

/// Charges all time of the main thread to exactly one phase at a time.
class PhaseClock {
public:
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

  double seconds(Phase phase) const { return seconds_[static_cast<std::size_t>(phase)]; }

private:
  void enter(Phase phase);

  std::array<double, phase_count> seconds_{};
  Phase current_ = Phase::other;
  Stopwatch watch_;
};

/// Seconds in one phase over all ranks.
struct PhaseSpread {
  double min = 0.0;
  double mean = 0.0;
  double max = 0.0;
};

/// Spread of every reported phase. Collective; the result is complete on the root.
std::array<PhaseSpread, reported_phases.size()> spread_of(const PhaseClock& clock, const Communicator& ranks);

}  // namespace orrery
