/// Whether a run carries the rests of what its grids round, see `axis_motion.hpp`.
#pragma once

#include <cstdint>
#include <string>

#include "core/fixed_point.hpp"

namespace orrery {

/// How fast the particles of a run begin, over all ranks. Displacements and half kicks are vectors, of which
/// these are lengths [length].
struct StartingMotion {
  double moving = 0.0;         ///< particles that move so far in the whole run that positions can show it
  double displacement2 = 0.0;  ///< of these, sum of squares of the displacement per step
  double least_displacement = 0.0;  ///< of these, the least displacement per step
  double resting = 0.0;             ///< particles at rest that a force acts on
  double resting_kick2 = 0.0;       ///< of these, sum of squares of the first half kick
  double pushed = 0.0;              ///< all particles that a force acts on
  double kick2 = 0.0;               ///< likewise
  double in_field = 0.0;            ///< all particles that a field acts on
  double field_kick2 = 0.0;         ///< of these, sum of squares of the first half kick by fields alone
  double thermal_displacement =
      0.0;  ///< least of any species in a bath, per step; 0: no bath, or one of T = 0
};

/// What its grids can tell.
struct MotionGrids {
  FixedPoint position;
  FixedPoint displacement;
  double scale = 0.0;  ///< over which particles act, or the shortest edge of the box [length]

  /// Of the rests of displacements: 2^24 times as fine as displacements, unless positions then could not hold
  /// their rests in a double.
  FixedPoint rest() const;
};

/// Whether rounding would move some particles wrongly. Decided from the configuration and the start alone, so
/// that it is the same on all ranks. Rests are carried
///
/// - where roundings of all steps, each up to half a unit of positions, could add up to 2^-14 of the cut-off
///   or, without pairs, of the shortest edge of the box;
/// - where half a unit of positions is more than 2^-20 of the displacement per step, root mean square over
/// the
///   particles that move, or more than 2^-11 of the least;
/// - likewise 2^-20 of what a bath gives to the heaviest particles, or without one, of what the first forces
///   give in the whole run to particles at rest;
/// - where half a unit of displacements is more than 2^-14 of the first half kick, root mean square, or more
///   than 2^-24 of what fields give to it: a field that is the same everywhere is rounded alike in every
///   step.
/// @param steps  of the whole run
bool needs_rests(const StartingMotion& start, const MotionGrids& grids, std::int64_t steps);

/// Why even rests could not move the slowest particle rightly; empty where they can.
std::string beyond_rests(const StartingMotion& start, const MotionGrids& grids);

}  // namespace orrery
