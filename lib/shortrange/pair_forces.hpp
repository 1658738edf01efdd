/// Forces of a pair law on a rank's own particles, on all its threads.
#pragma once

#include <optional>

#include "laws/pair_law.hpp"
#include "shortrange/mixed_pair_kernels.hpp"
#include "shortrange/mixed_rows.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_precision.hpp"
#include "shortrange/pair_rows.hpp"
#include "shortrange/share_work.hpp"

namespace orrery {

/// What a pass over pairs adds up.
enum class PairSums { forces, forces_and_totals };

class PairForces {
public:
  /// Of no pairs: nothing of what follows may be asked for but the grids, which are whole numbers.
  PairForces() = default;
  /// In double.
  explicit PairForces(const PairLaw& law);
  /// In single precision. @param grid  that positions are rounded to, see `MixedRows`
  PairForces(const PairLaw& law, FixedPoint grid);

  bool has_pairs() const { return kernels_.forces != nullptr; }
  FixedPoint force_unit() const { return force_unit_; }
  FixedPoint energy_unit() const { return energy_unit_; }
  double cutoff() const { return constants_.cutoff; }
  PairPrecision precision() const { return mixed_ ? PairPrecision::mixed : PairPrecision::full; }
  bool needs_velocities() const { return kernels_.needs_velocities; }
  /// The lists that forces are computed from.
  NeighbourLists lists() const;

  /// Sets the forces on all own particles. Local; a thread for each share of the lists.
  /// @param velocities  of all rows, if they are needed
  /// @return whether all were in range; if not, forces mean nothing
  bool compute(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities = {});
  /// The same, and energy and virial, which are in double always.
  PairTotals compute_totals(PairRows& rows, const NeighbourLists& lists,
                            const PairVelocities& velocities = {});

  /// The same while images are on their way: until they have come, of particles that are near none of these.
  PairTotals compute_meanwhile(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                               const GhostsUnderWay& ghosts, const PairVelocities& velocities = {});

  std::size_t bytes() const { return mixed_ ? mixed_->rows.bytes() : 0; }

private:
  /// What single precision needs beside the rest.
  struct Mixed {
    MixedPairKernels kernels;
    MixedRows rows;
    PairConstants constants;  ///< in units of forces and of the grid of positions
    double safe_distance;     ///< in units of the grid
  };

  PairTotals compute_all(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                         const PairVelocities& velocities, const GhostsUnderWay* ghosts);
  PairTotals compute_in_double(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                               const PairVelocities& velocities, const GhostsUnderWay* ghosts) const;
  PairTotals compute_mixed(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities,
                           const GhostsUnderWay* ghosts);

  PairConstants constants_;
  PairKernels kernels_;
  std::optional<Mixed> mixed_;
  FixedPoint force_unit_;
  FixedPoint energy_unit_;
};

}  // namespace orrery
