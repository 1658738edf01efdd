/// Whether a pair law is fit for single precision.
#pragma once

#include "laws/pair_law.hpp"

namespace orrery {

/// Puts pairs at hundreds of distances through a law's kernel in single precision, with its present options,
/// from the cut-off down to where the force passes its bound. Local; takes well below a millisecond.
///
/// @throws Error (configuration) where a force is not what it is in double, to 1 part in 1,000 or 4 units of
///   the fixed point, or where an ordinary pair (three quarters of the cut-off apart or more) passes the
///   bound
void check_mixed_law(const PairLaw& law);

}  // namespace orrery
