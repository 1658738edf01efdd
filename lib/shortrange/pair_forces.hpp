/// Forces of a pair law on a rank's own particles, on all its threads.
#pragma once

#include <functional>
#include <string>

#include "laws/pair_law.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

class PairForces {
public:
  explicit PairForces(const PairLaw& law);

  FixedPoint force_unit() const { return force_unit_; }
  FixedPoint energy_unit() const { return energy_unit_; }
  double cutoff() const { return constants_.cutoff; }
  std::size_t lanes() const { return kernels_.lanes; }
  bool needs_velocities() const { return kernels_.needs_velocities; }

  /// Sets the forces on all own particles. Local; a thread for each share of the lists.
  /// @param velocities  of all rows, if they are needed
  /// @return whether all were in range; if not, forces mean nothing
  bool compute(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities = {}) const;
  /// The same, and energy and virial.
  PairTotals compute_totals(PairRows& rows, const NeighbourLists& lists,
                            const PairVelocities& velocities = {}) const;

private:
  template <class Kernel>
  PairTotals run(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities,
                 const Kernel& kernel) const;

  PairConstants constants_;
  PairKernels kernels_;
  FixedPoint force_unit_;
  FixedPoint energy_unit_;
};

}  // namespace orrery
