/// From which distance on forces in single precision are in range for certain.
#pragma once

#include "core/fixed_point.hpp"
#include "laws/pair_law.hpp"

namespace orrery {

/// A distance such that no pair which is as far apart or farther has a force beyond its bound; 0 if none has
/// at any distance, and infinite if nothing can be said. Where forces depend on velocities, it means nothing.
/// Local; takes a fraction of a millisecond.
///
/// The kernel is asked at distances half a percent apart. Between two of these, a force must not be more than
/// a seventh above those at both: sums of single precision have that much room to spare.
/// @param grid  of positions
/// @return in units of the grid
double mixed_safe_distance(const PairLaw& law, FixedPoint grid);

}  // namespace orrery
