/// Whether a pair law agrees with itself, and is fit for single precision.
#pragma once

#include "laws/pair_law.hpp"
#include "shortrange/pair_kernels.hpp"

namespace orrery {

/// Puts pairs at hundreds of distances through a law's kernels, with its present options, from the cut-off
/// down to where the force passes its bound, or to almost nothing. Local; takes about half a millisecond.
/// Where forces depend on velocities, that is done for pairs at rest, and what they add at several speeds is
/// looked at for itself.
///
/// @throws Error (internal) where the force is not minus the numerical derivative of the energy, to 1 part in
///   100,000, or not the same on both, in any lane, but for the sign, or drives pairs that meet or part;
///   (configuration) where a number is not finite, cut-off or bound is none, the bound is passed by ordinary
///   pairs (three quarters of the cut-off apart or more, as fast as makes drag as strong as their force at
///   rest) or too high for the fixed point to resolve forces
void check_law(const PairLaw& law);

/// The same for loops that are not in the table, of the form that the law's method names.
void check_law(const PairLaw& law, const PairKernels& kernels);

/// Puts pairs at hundreds of distances through a law's kernel in single precision, with its present options,
/// from the cut-off down to where the force passes its bound. Local; takes well below a millisecond.
///
/// @throws Error (configuration) where a force is not what it is in double, to 1 part in 1,000 or 4 units of
///   the fixed point, or where an ordinary pair (three quarters of the cut-off apart or more) passes the
///   bound
void check_mixed_law(const PairLaw& law);

}  // namespace orrery
