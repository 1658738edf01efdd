/// What a motion gives away: particles in the order of their indices, and the images of the box they are in.
#pragma once

#include <vector>

#include "comm/communicator.hpp"
#include "simulation/crossings.hpp"
#include "simulation/motion_settings.hpp"
#include "simulation/motion_state.hpp"

namespace orrery {

/// Positions, wrapped into the box, and velocities of this rank's even part, in the order of indices.
/// Collective.
RowsById rows_by_id(const Communicator& ranks, const MotionState& state);

/// Owned particles that are out of the box, and by how many periods. Local.
std::vector<Crossings::Crossing> crossings_now(const MotionState& state);

/// By how many periods given coordinates, which may be those of any image, are away from where the particles
/// are in the box. Local. @pre the particles of `rows` have their places
std::vector<ImageNumbers> starting_images(const MotionState& state, const RowsById& rows);

}  // namespace orrery
