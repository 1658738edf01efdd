/// Where a particle begins along an axis, from the coordinate that it came with.
#pragma once

#include <optional>
#include <string>

#include "core/fixed_point.hpp"
#include "particles/box.hpp"

namespace orrery {

/// What an axis of the box does with coordinates that particles begin with.
struct StartingAxis {
  Boundary boundary = Boundary::periodic;
  double length = 0.0;    ///< of the box as it is used, on the grid of positions [length]
  double period = 0.0;    ///< the length as it was given, by which images of particles are apart where they
                          ///< come from [length]
  double farthest = 0.0;  ///< from here on coordinates are not exact any more [length]
  FixedPoint grid;        ///< of positions
};

/// A coordinate on the grid, and what rounding has left out.
struct StartingPlace {
  double coordinate = 0.0;  ///< [length]
  double rest = 0.0;        ///< at most half a unit of the grid either way [length]
};

/// The place on the grid, counted from the lower end of the box; nothing where the axis has no place for
/// it.
///
/// - periodic: that of any image, up to 2^30 periods away, is brought into [0, length) by the exact
/// remainder.
/// - reflect: from 0 to length. What is a rounding of single precision beyond a wall is put on it.
/// - open: up to the range that the run itself may reach, likewise.
std::optional<StartingPlace> starting_place(double coordinate, const StartingAxis& axis);

/// Why the axis has no place for it, after "particle 7 begins at 12", and what to do.
/// @pre starting_place(coordinate, axis) is nothing
/// @param origin  where the lower end of the box is [length]
std::string no_starting_place(double coordinate, const StartingAxis& axis, double origin);

}  // namespace orrery
