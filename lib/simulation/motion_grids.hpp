/// The grids that motion takes place on: what makes sums and differences of positions exact.
#pragma once

#include "core/fixed_point.hpp"
#include "laws/newtonian_law.hpp"
#include "particles/box.hpp"
#include "shortrange/pair_precision.hpp"

namespace orrery {

/// The grid of positions: as fine as leaves room for images three boxes away, exactly; and where sides are
/// open, for particles that go 64 times as far. Coarser where the box is many lengths away from 0, so that
/// coordinates from there are on the grid, too.
FixedPoint position_grid(const Box& box);

/// The grid of positions in single precision: see `MixedRows`. Where sides are open, particles may go four
/// times as far.
FixedPoint mixed_grid(const Box& box);

/// What a displacement per step has to be below [length]: the cut-off of the pairs' law; without one, the
/// shortest edge of the box, so that no particle goes round a periodic axis or from wall to wall in one step.
double displacement_bound(const NewtonianLaw& law, const Box& box);

/// The grid of displacements per step, which are all below a bound.
FixedPoint displacement_grid(double bound);

/// From here on coordinates are not exact any more [length].
double farthest_coordinate(const Box& box, PairPrecision precision);

/// How much farther apart two particles may be than single precision sees them, up to the cut-off [length].
double blur(const Box& box, double cutoff, PairPrecision precision);

/// With edges and origin on the grid of positions; in single precision, on every other point of its own.
Box box_in_use(const Box& box, PairPrecision precision);

}  // namespace orrery
