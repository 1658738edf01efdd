/// The counting of hits beside plain loops, on one thread, in one run.
#pragma once

#include <cstdint>
#include <iosfwd>

namespace orrery {

/// Medians over turns [samples / s].
struct PiComparison {
  double ours = 0.0;
  double plain = 0.0;    ///< `count_hits_plainly`
  double by_hand = 0.0;  ///< `count_hits_by_hand`
};

/// Takes turns, about a second in all. Local, one thread.
PiComparison compare_with_plain_loops(std::uint64_t seed);

void print_comparison(std::ostream& out, const PiComparison& comparison);

}  // namespace orrery
