#include "simulation/pair_engine.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "core/error.hpp"
#include "core/fixed_point.hpp"
#include "core/stopwatch.hpp"
#include "shortrange/work_shares.hpp"
#include "simulation/motion_grids.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;

PairForces forces_of(const PairLaw* law, const Box& box, PairPrecision precision) {
  if (law == nullptr) return {};
  return precision == PairPrecision::mixed ? PairForces(*law, mixed_grid(box)) : PairForces(*law);
}

double reach_of(const PairForces& forces, const Box& given, const MotionSettings& settings) {
  if (!forces.has_pairs()) return 0.0;
  const Box box = box_in_use(given, settings.precision);
  return forces.cutoff() + settings.skin + blur(box, forces.cutoff(), settings.precision);
}

/// One thread sees every pair of its particles, so that images of these need no forces of their own.
OwnImages own_images(const MotionState& state) {
  return state.threads == 1 && state.precision == PairPrecision::full ? OwnImages::mirrored : OwnImages::all;
}

}  // namespace

PairEngine::PairEngine(const Communicator& ranks, const PairLaw* law, const Box& given,
                       const MotionSettings& settings)
    : ranks_(ranks),
      forces_(forces_of(law, given, settings.precision)),
      reach_(reach_of(forces_, given, settings)),
      ghosts_(ranks, settings.threads),
      lists_(forces_.has_pairs() ? forces_.lists() : NeighbourLists(1)) {}

std::size_t PairEngine::bytes() const {
  return forces_.bytes() + lists_.bytes() + ghosts_.bytes() + order_.bytes();
}

CellGrid PairEngine::sort_by_cells(MotionState& state) {
  const std::size_t count = state.rows.owned();
  CellGrid grid(Bounds::of_rows(state.rows.position(0), count, state.threads), reach_, count);
  order_by_cell(grid, state.rows.position(0), count, order_, state.threads);
  state.rows.particles().reorder(std::span(order_.rows).first(count), state.reference, state.threads);
  const double* const position = state.rows.position(0);
  double* const reference = state.rows.particles().data(state.reference);
#pragma omp parallel for schedule(static) num_threads(state.threads)
  for (std::size_t place = 0; place < count; ++place) {
    std::copy_n(position + width * place, width, reference + width * place);
    order_.rows[place] = static_cast<std::int32_t>(place);
  }
  return grid;
}

void PairEngine::find_neighbours(MotionState& state, const CellGrid& grid, bool is_at_start) {
  const bool in_motion = forces_.needs_velocities();
  PairRows& rows = state.rows;
  ghosts_.set_up(rows, state.periods, reach_, own_images(state),
                 in_motion ? GhostContents::positions_and_displacements : GhostContents::positions);
  // Padding does not move.
  if (in_motion)
    std::fill_n(state.displacement_of(rows.owned()), width * (rows.first_image() - rows.owned()), 0.0);
  ghosts_.update(rows, displacements_of_images(state));
  ranks_.apply([&] {
    state.shares = cut_by_work(grid, order_, state.threads);
    lists_.build(grid, rows, order_, reach_, state.shares);
    const std::int64_t most = lists_.most_neighbours(rows);
    if (most > FixedPoint::most_terms) {
      throw Error(is_at_start ? ExitCode::configuration : ExitCode::simulation_failed,
                  "a particle has " + std::to_string(most) + " neighbours at step " +
                      std::to_string(state.step) + ", more than the " +
                      std::to_string(FixedPoint::most_terms) +
                      " whose forces can be summed exactly; use a smaller cut-off");
    }
  });
}

/// Null where forces do not depend on velocities.
double* PairEngine::displacements_of_images(MotionState& state) const {
  return forces_.needs_velocities() ? state.displacement_of(0) : nullptr;
}

void PairEngine::start_exchange(MotionState& state) {
  ghosts_.start(state.rows, displacements_of_images(state));
}

PairEngine::Computed PairEngine::compute(MotionState& state, PairSums sums) {
  Computed result;
  const GhostsUnderWay ghosts{.test = [this] { return ghosts_.test(); },
                              .wait_ready =
                                  [&] {
                                    const Stopwatch watch;
                                    ghosts_.wait_ready();
                                    result.waited_seconds += watch.seconds();
                                  }};
  const Stopwatch watch;
  PairTotals totals;
  if (!ghosts_.test()) {
    totals = forces_.compute_meanwhile(state.rows, lists_, sums, ghosts, state.velocities());
  } else if (sums == PairSums::forces_and_totals) {
    totals = forces_.compute_totals(state.rows, lists_, state.velocities());
  } else {
    totals.in_range = forces_.compute(state.rows, lists_, state.velocities());
  }
  result.seconds = watch.seconds() - result.waited_seconds;
  if (sums == PairSums::forces_and_totals) totals_ = totals;
  result.in_range = totals.in_range;
  return result;
}

}  // namespace orrery
