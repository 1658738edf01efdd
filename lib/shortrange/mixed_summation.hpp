/// Forces between pairs in single precision.
#pragma once

#include "shortrange/mixed_pair_kernels.hpp"
#include "shortrange/mixed_rows.hpp"
#include "shortrange/pair_summation.hpp"

namespace orrery {

/// Energies and virials are in double all the same.
class MixedSummation final : public PairSummation {
public:
  /// @param grid  that positions are rounded to, see `MixedRows`
  MixedSummation(const PairLaw& law, FixedPoint grid);

  PairTotals compute(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                     const PairVelocities& velocities, const GhostsUnderWay* ghosts) override;
  FixedPoint force_unit() const override { return force_unit_; }
  NeighbourLists lists() const override { return NeighbourLists(kernels_.lanes, Pairing::both_ways); }
  std::size_t bytes() const override { return mixed_rows_.bytes(); }

private:
  PairTotals compute_forces(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities,
                            const GhostsUnderWay* ghosts);

  DoubleSummation double_;  ///< for energies and virials
  MixedPairKernels kernels_;
  MixedRows mixed_rows_;
  PairConstants constants_;  ///< in units of forces and of the grid of positions
  double safe_distance_;     ///< in units of the grid
  FixedPoint force_unit_;
};

}  // namespace orrery
