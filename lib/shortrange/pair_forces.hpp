/// Forces of a pair law on a rank's own particles, on all its threads.
#pragma once

#include <memory>

#include "laws/pair_law.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_precision.hpp"
#include "shortrange/pair_rows.hpp"
#include "shortrange/pair_summation.hpp"
#include "shortrange/share_work.hpp"

namespace orrery {

/// The forces of one law, by the engine that the precision asks for (`PairSummation`).
class PairForces {
public:
  /// Of no pairs: nothing of what follows may be asked for but the grids, which are whole numbers.
  PairForces() = default;
  /// In double.
  explicit PairForces(const PairLaw& law);
  /// In single precision. @param grid  that positions are rounded to, see `MixedRows`
  PairForces(const PairLaw& law, FixedPoint grid);

  bool has_pairs() const { return engine_ != nullptr; }
  FixedPoint force_unit() const { return engine_ ? engine_->force_unit() : FixedPoint{}; }
  FixedPoint energy_unit() const { return energy_unit_; }
  double cutoff() const { return cutoff_; }
  PairPrecision precision() const { return precision_; }
  bool needs_velocities() const { return needs_velocities_; }
  /// The lists that forces are computed from.
  NeighbourLists lists() const { return engine_->lists(); }

  /// Sets the forces on all own particles. Local; a thread for each share of the lists.
  /// @param velocities  of all rows, if they are needed
  /// @return whether all were in range; if not, forces mean nothing
  bool compute(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities = {});
  /// The same, and energy and virial, which are in double always.
  PairTotals compute_totals(PairRows& rows, const NeighbourLists& lists,
                            const PairVelocities& velocities = {});

  /// The same while ghosts are on their way: until they have come, of particles that are near none of these.
  PairTotals compute_meanwhile(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                               const GhostsUnderWay& ghosts, const PairVelocities& velocities = {});

  std::size_t bytes() const { return engine_ ? engine_->bytes() : 0; }

private:
  std::unique_ptr<PairSummation> engine_;
  double cutoff_ = 0.0;
  FixedPoint energy_unit_;
  bool needs_velocities_ = false;
  PairPrecision precision_ = PairPrecision::full;
};

}  // namespace orrery
