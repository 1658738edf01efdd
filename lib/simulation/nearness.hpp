/// Particles that are too near to each other, by their indices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include "comm/communicator.hpp"
#include "core/error.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "simulation/motion_failures.hpp"
#include "simulation/motion_state.hpp"

namespace orrery {

/// A failure that has yet to name the other of two particles, another rank's.
struct Unnamed {
  FactualError failure;
  Vec3 place;  ///< of the other
};

/// The pair whose force is the likeliest to be out of range: the nearest; where forces depend on velocities,
/// of those within the cut-off the one that approaches fastest. Local.
/// @param by_speed  whether they do
ClosePair closest_pair(const MotionState& state, const NeighbourLists& lists, double cutoff, bool by_speed);

/// Refuses particles that begin exactly where another is: forces do not part them, or exceed their range.
/// Collective.
/// @param code  of the refusal
void check_places(const Communicator& ranks, const MotionState& state, const NeighbourLists& lists,
                  ExitCode code);

/// Names the other of two particles that came too near, where it is another rank's: the particle that is
/// nearest to where its image was seen. Other ranks may be a step ahead. Collective.
/// @param mine  of this rank, if it has one
/// @return the failure with both names, where there is one and it was found
std::optional<FactualError> with_other_named(const Communicator& ranks, const MotionState& state,
                                             const std::optional<Unnamed>& mine);

}  // namespace orrery
