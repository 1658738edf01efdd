/// Forces between pairs, from the search for neighbours to the sums: one of the terms of the forces on
/// particles.
#pragma once

#include <cstddef>
#include <optional>

#include "comm/communicator.hpp"
#include "domain/ghost_exchange.hpp"
#include "laws/newtonian_law.hpp"
#include "shortrange/cell_grid.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "shortrange/pair_forces.hpp"
#include "simulation/motion_settings.hpp"
#include "simulation/motion_state.hpp"

namespace orrery {

/// Computes forces while images of particles of other ranks are on their way, first those that need none.
class PairEngine {
public:
  /// `ranks` must outlive this object. Local.
  /// @param law    nullptr: there are no pairs, and nothing of what follows may be called but what tells of
  /// it
  /// @param given  box before its lengths are rounded to the grid
  PairEngine(const Communicator& ranks, const PairLaw* law, const Box& given, const MotionSettings& settings);

  bool has_pairs() const { return forces_.has_pairs(); }
  const PairForces& forces() const { return forces_; }
  /// Up to where lists hold pairs [length]; 0 without pairs, which want no ghosts.
  double reach() const { return reach_; }
  const NeighbourLists& lists() const { return lists_; }
  /// At the step for which they were last asked for.
  const PairTotals& totals() const { return totals_; }
  const ExchangeCounts& exchanged() const { return ghosts_.counts(); }
  std::size_t bytes() const;

  /// Puts owned particles in the order of cells, and notes where they are. Local.
  CellGrid sort_by_cells(MotionState& state);
  /// Chooses ghosts and images, and lists all neighbours. Collective.
  /// @param grid         of `sort_by_cells`
  /// @param is_at_start  settings are at fault where a particle has too many neighbours
  void find_neighbours(MotionState& state, const CellGrid& grid, bool is_at_start);

  /// Begins to receive ghosts, before it is known whether lists still hold; and takes that back. Local.
  void post_receives() { ghosts_.post_receives(); }
  void cancel_receives() { ghosts_.cancel_receives(); }
  /// Sends owned particles to where they are ghosts. Local.
  void start_exchange(MotionState& state);
  /// Waits until that is over, whatever happened in between. Local.
  void finish_exchange() { ghosts_.finish(); }

  /// What a computation took.
  struct Computed {
    bool in_range = true;
    double seconds = 0.0;         ///< of work
    double waited_seconds = 0.0;  ///< for ghosts
  };
  /// Sets the forces on owned particles. Local.
  Computed compute(MotionState& state, PairSums sums);

private:
  double* displacements_of_images(MotionState& state) const;

  const Communicator& ranks_;
  PairForces forces_;
  double reach_;
  GhostExchange ghosts_;
  NeighbourLists lists_;
  CellOrder order_;  ///< of owned particles, when the lists were built
  PairTotals totals_;
};

}  // namespace orrery
