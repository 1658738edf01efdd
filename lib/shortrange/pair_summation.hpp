/// Forces between pairs by one kind of arithmetic, on all threads of a rank.
#pragma once

#include <cstddef>
#include <memory>

#include "laws/pair_law.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_rows.hpp"
#include "shortrange/share_work.hpp"

namespace orrery {

/// What a pass over pairs adds up.
enum class PairSums { forces, forces_and_totals };

/// An engine for the forces of a pair law. All calls are local.
class PairSummation {
public:
  PairSummation() = default;
  PairSummation(const PairSummation&) = delete;
  PairSummation& operator=(const PairSummation&) = delete;
  virtual ~PairSummation() = default;

  /// Sets the forces on all owned particles; a thread for each share of the lists.
  /// @param velocities  of all rows, if they are needed
  /// @param ghosts      on their way; null: all are there
  virtual PairTotals compute(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                             const PairVelocities& velocities, const GhostsUnderWay* ghosts) = 0;

  /// The fixed point that forces are summed in.
  virtual FixedPoint force_unit() const = 0;
  /// The lists that it wants.
  virtual NeighbourLists lists() const = 0;
  virtual std::size_t bytes() const { return 0; }
};

/// All in double.
class DoubleSummation final : public PairSummation {
public:
  explicit DoubleSummation(const PairLaw& law);

  PairTotals compute(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                     const PairVelocities& velocities, const GhostsUnderWay* ghosts) override;
  FixedPoint force_unit() const override { return force_unit_; }
  FixedPoint energy_unit() const { return energy_unit_; }
  bool needs_velocities() const { return kernels_.needs_velocities; }
  NeighbourLists lists() const override { return NeighbourLists(kernels_.lanes, Pairing::once); }

private:
  PairConstants constants_;
  PairKernels kernels_;
  FixedPoint force_unit_;
  FixedPoint energy_unit_;
};

}  // namespace orrery
