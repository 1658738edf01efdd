/// What the time of a run is charged to.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

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

constexpr std::string_view name_of(Phase phase) {
  constexpr std::array<std::string_view, phase_count> names{"read", "scatter", "evolve", "gather",
                                                            "wait", "write",   "other"};
  return names[static_cast<std::size_t>(phase)];
}

}  // namespace orrery
