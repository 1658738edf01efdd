/// Times what sums of forces cost that have the same bits in any order.
#pragma once

#include <cstdint>

#include "bench/spread.hpp"
#include "laws/lennard_jones.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

/// Forces on the particles of one rank, on one thread, with exact sums and with sums of floating-point
/// numbers: the same loop over the same rows and lists, in turns.
struct SumsTiming {
  int turns = 0;
  double exact_ns = 0.0;     ///< per particle, the median
  double floating_ns = 0.0;  ///< the same
  Spread ratio{};            ///< exact over floating, of each turn

  double cost() const { return ratio.median - 1.0; }
};

/// Takes about half a second, or five turns where these take longer. Local. @pre there are particles, in one
/// share, and `law` has truncation `cut` or `shifted`
/// @param lists  for the lanes of the law's kernels
SumsTiming time_sums(const LennardJonesLaw& law, const PairRows& rows, const NeighbourLists& lists);

}  // namespace orrery
