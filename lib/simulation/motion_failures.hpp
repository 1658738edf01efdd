/// What is said where a motion cannot go on: each failure is worded here, once. All calls are local.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/failure_facts.hpp"
#include "domain/census.hpp"
#include "simulation/motion_state.hpp"

namespace orrery {

/// Two particles, one of them owned, whose force is out of range: the nearest pair, or where forces depend on
/// velocities that which approaches fastest.
struct ClosePair {
  std::size_t row = 0;    ///< owned
  std::size_t other = 0;  ///< owned or an image
  double distance = 0.0;  ///< [length]
  bool by_speed = false;
  double speed = 0.0;  ///< towards each other [length / time]; with `by_speed`
};

/// A place from the box's corner, as the file counts it: "(1, 2, 3)".
std::string text_of(const MotionState& state, const Vec3& place);

FactualError mass_out_of_range(std::int64_t index);
/// By the particle that moves farthest.
FactualError moved_too_far(const MotionState& state, std::int64_t step);
FactualError force_out_of_range(const MotionState& state, const ClosePair& pair);
FactualError miscounted(const MotionState& state, const Miscount& particle);

/// Refuses coordinates beyond the grid's range, which only open sides let particles reach: they would not be
/// exact any more. @throws Error (simulation_failed)
void check_range(const MotionState& state);

/// Refuses a particle that moves farther in one step than from wall to wall, and is thrown out of the box at
/// the other. @throws Error (simulation_failed)
void check_walls(const MotionState& state);

}  // namespace orrery
