/// How particles begin to move.
#pragma once

#include "comm/communicator.hpp"
#include "simulation/motion_settings.hpp"
#include "simulation/motion_state.hpp"

namespace orrery {

/// Makes this rank's even part its own, each particle where it begins. Local.
/// @param rows  shape (part)
/// @throws Error (input_data or simulation_failed) for a particle that cannot begin so
void place_particles(const Communicator& ranks, MotionState& state, const RowsById& rows);

/// Whether the grids are too coarse for the motion, by velocities and first forces, so that what they round
/// has to be carried along: see `rest_rule.hpp`. Collective; the same on all ranks.
/// @param rows  as they were placed
/// @throws CollectiveError (simulation_failed) where that does not help either
bool must_carry_rests(const Communicator& ranks, const MotionState& state, const MotionSettings& settings,
                      const RowsById& rows);

}  // namespace orrery
