/// Forces of a pair law on a rank's own particles, on all its threads.
#pragma once

#include <functional>
#include <string>

#include "laws/pair_law.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

/// What a pass over pairs adds up.
enum class PairSums { forces, forces_and_totals };

/// Images whose positions are on their way (`PairRows::awaited`). Both functions are called by the thread
/// that computes the forces with others, and by no other; they must not throw.
struct ImagesUnderWay {
  std::function<bool()> have_come;  ///< looks, and lets messages make progress, those of other ranks too
  std::function<void()> wait;
};

class PairForces {
public:
  explicit PairForces(const PairLaw& law);

  FixedPoint force_unit() const { return force_unit_; }
  FixedPoint energy_unit() const { return energy_unit_; }
  double cutoff() const { return constants_.cutoff; }
  std::size_t lanes() const { return kernels_.lanes; }

  /// Sets the forces on all own particles. Local; a thread for each share of the lists.
  /// @return whether all were in range; if not, forces mean nothing
  bool compute(PairRows& rows, const NeighbourLists& lists) const;
  /// The same, and energy and virial.
  PairTotals compute_totals(PairRows& rows, const NeighbourLists& lists) const;

  /// The same while images are on their way: until they have come, of particles that are near none of these.
  PairTotals compute_meanwhile(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                               const ImagesUnderWay& images) const;

private:
  class Arrival;
  class ShareWork;

  PairTotals compute_all(PairRows& rows, const NeighbourLists& lists, PairSums sums, Arrival* arrival) const;

  PairConstants constants_;
  PairKernels kernels_;
  FixedPoint force_unit_;
  FixedPoint energy_unit_;
};

}  // namespace orrery
