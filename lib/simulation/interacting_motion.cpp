#include "simulation/interacting_motion.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "core/first_failure.hpp"
#include "core/fixed_point.hpp"
#include "core/in_parts.hpp"
#include "core/stopwatch.hpp"
#include "shortrange/work_shares.hpp"
#include "simulation/motion_grids.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;

Periods periods_of(const Box& box) {
  Periods periods{};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis)
    periods[axis] = box.boundary[axis] == Boundary::periodic ? box.lengths[axis] : 0.0;
  return periods;
}

PairForces forces_of(const PairLaw* law, const Box& box, PairPrecision precision) {
  if (law == nullptr) return {};
  return precision == PairPrecision::mixed ? PairForces(*law, mixed_grid(box)) : PairForces(*law);
}

double magic_of(FixedPoint grid) {
  return rounding_magic * grid.unit();
}

VerletConstants verlet_constants(const PairForces& forces, const Box& box, double bound, double step) {
  VerletConstants constants;
  constants.displacement_magic = magic_of(displacement_grid(bound));
  constants.position_magic = magic_of(position_grid(box));
  constants.force_bias = forces.force_unit().bias();
  constants.most_displacement = bound;
  const MotionGrids grids{
      .position = position_grid(box), .displacement = displacement_grid(bound), .scale = bound};
  constants.position_unit = grids.position.unit();
  constants.rest_magic = magic_of(grids.rest());
  constants.half_step2 = 0.5 * step * step;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis)
    constants.walls[axis] = box.boundary[axis] == Boundary::reflect ? box.lengths[axis] : 0.0;
  return constants;
}

}  // namespace

InteractingMotion::InteractingMotion(const Communicator& ranks, const NewtonianLaw& law, const Box& box,
                                     const MotionSettings& settings, std::int64_t count)
    : ranks_(ranks),
      forces_(forces_of(law.pairs(), box, settings.precision)),
      box_(box_in_use(box, settings.precision)),
      given_lengths_(box.lengths),
      settings_(settings),
      count_(count),
      ownership_(ranks, count, settings.threads),
      periods_(periods_of(box_)),
      masses_(settings.mass, settings.step, forces_.force_unit().unit()),
      bound_(displacement_bound(law, box_)),
      verlet_(verlet_constants(forces_, box_, bound_, settings.step)),
      reach_(forces_.has_pairs()
                 ? forces_.cutoff() + settings.skin + blur(box_, forces_.cutoff(), settings.precision)
                 : 0.0),
      images_(ranks, settings.threads),
      lists_(forces_.has_pairs() ? forces_.lists() : NeighbourLists(1)) {
  ensure(forces_.has_pairs() || settings.precision == PairPrecision::full,
         "without pairs there is nothing to compute in single precision");
  // Looked at wherever the farthest particle has gone half as far.
  if (!forces_.has_pairs()) settings_.skin = bound_;
  constexpr double far = 0x1p20;
  rows_.set_far_away(far * std::max(reach_, *std::max_element(box_.lengths.begin(), box_.lengths.end())));
  declare_columns();
}

/// What goes along with a particle, beside its position. Local.
void InteractingMotion::declare_columns() {
  Particles& particles = rows_.particles();
  const int wide = static_cast<int>(width);
  displacement_ = particles.declare<double>({.name = "displacement",
                                             .components = 3,
                                             .width = wide,
                                             .unit = "length",
                                             .has_ghosts = forces_.needs_velocities()});
  reference_ = particles.declare<double>(
      {.name = "reference", .components = 3, .width = wide, .unit = "length", .is_state = false});
  if (has_fields())
    acceleration_ = particles.declare<double>(
        {.name = "acceleration", .components = 3, .unit = "length / time^2", .is_state = false});
  index_ = particles.declare<std::int64_t>({.name = "global index"});
  if (settings_.bath) id_ = particles.declare<ParticleId>({.name = "id"});
  if (masses_.species() > 1) species_ = particles.declare<std::int32_t>({.name = "species"});
}

int InteractingMotion::displacement_bits() const {
  return displacement_grid(bound_).bits;
}

double InteractingMotion::wrapped(double coordinate, std::size_t axis) const {
  const double period = periods_[axis];
  if (period > 0.0) {
    while (coordinate < 0.0) coordinate += period;
    while (coordinate >= period) coordinate -= period;
  }
  return coordinate;
}

void InteractingMotion::begin(const RowsById& rows) {
  if (settings_.bath) {
    const Bath& bath = *settings_.bath;
    langevin_ =
        langevin_constants(box_.axes, bath.seed, bath.temperature, bath.friction, masses_, settings_.step);
    ranks_.push(langevin_->keep);
    ranks_.push(langevin_->noise);
  }
  start(rows);
  decide_on_rests(rows);
}

/// Places the particles and computes the first forces. Collective.
void InteractingMotion::start(const RowsById& rows) {
  ranks_.apply([&] {
    place(rows);
    if (settings_.counts_images) begin_counting_images(rows);
  });
  if (settings_.bath && settings_.bath->keeps_momentum) begin_keeping_momentum();
  if (forces_.has_pairs()) welcome(ownership_.rebalance(rows_));
  rebuild();
  if (settings_.one_place && forces_.has_pairs()) check_places();
  attempt([&] { compute_forces(PairSums::forces_and_totals); });
  agree();
}

/// The first own particle of which something holds, if any; a loop on all threads.
template <class Holds>
std::optional<std::size_t> InteractingMotion::first_own(const Holds& holds) const {
  std::vector<std::optional<std::size_t>> found(static_cast<std::size_t>(settings_.threads));
  in_parts(static_cast<std::int64_t>(rows_.owned()), settings_.threads, [&](int part, Range range) {
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
      if (!holds(row)) continue;
      found[static_cast<std::size_t>(part)] = row;
      return;
    }
  });
  for (const auto& row : found)
    if (row) return row;
  return std::nullopt;
}

void InteractingMotion::check_first_step() {
  if (langevin_) return;
  ranks_.apply([&] {
    // The kick with which the step begins, and back: on their grid, both are exact.
    for (int way = 0; way < 2; ++way) {
      if (!kick_all()) throw moved_too_far(step_ + 1);
      reverse();
    }
  });
}

/// Puts own particles in the order of their cells, and their positions into `reference_` too. Local.
void InteractingMotion::sort_by_cells(const CellGrid& grid) {
  const std::size_t count = rows_.owned();
  order_by_cell(grid, rows_.position(0), count, order_, settings_.threads);
  rows_.particles().reorder(std::span(order_.rows).first(count), reference_, settings_.threads);
  const double* const position = rows_.position(0);
  double* const reference = rows_.particles().data(reference_);
#pragma omp parallel for schedule(static) num_threads(settings_.threads)
  for (std::size_t place = 0; place < count; ++place) {
    std::copy_n(position + width * place, width, reference + width * place);
    order_.rows[place] = static_cast<std::int32_t>(place);
  }
}

/// Beyond the grid's range, which only open sides let particles reach, coordinates would not be exact any
/// more.
void InteractingMotion::check_range() const {
  const double farthest = farthest_coordinate(box_, settings_.precision);
  const auto is_beyond = [&](std::size_t row) {
    const double* const p = rows_.position(row);
    // Also what is not a number.
    return !(std::abs(p[0]) < farthest && std::abs(p[1]) < farthest && std::abs(p[2]) < farthest);
  };
  if (const auto row = first_own(is_beyond)) throw left_range(*row, farthest);
}

/// Who moves farther in one step than from wall to wall, is thrown out of the box at the other.
void InteractingMotion::check_walls() const {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double wall = verlet_.walls[axis];
    if (!(wall > 0.0)) continue;
    const auto is_beyond = [&](std::size_t row) {
      const double x = rows_.position(row)[axis], u = displacement_of(row)[axis];
      return !(x >= 0.0 && x <= wall && std::abs(u) <= wall);
    };
    if (const auto row = first_own(is_beyond)) throw left_box(*row, wall);
  }
}

/// Brings positions back into the box. Local.
void InteractingMotion::wrap_all() {
#pragma omp parallel for schedule(static) num_threads(settings_.threads)
  for (std::size_t row = 0; row < rows_.owned(); ++row)
    for (std::size_t axis = 0; axis < 3; ++axis)
      rows_.position(row)[axis] = wrapped(rows_.position(row)[axis], axis);
}

/// Brings particles into the box, to their ranks, and finds all neighbours anew. Collective.
void InteractingMotion::rebuild() {
  const Stopwatch watch;
  if (times_.lists_built > 0) {
    if (crossings_) count_crossings();
    wrap_all();
    constexpr std::int64_t lists_between_cuts = 16;
    if (!forces_.has_pairs()) {
      // Where particles see no others, they may stay on the rank that they began on.
    } else if (settings_.balance && ranks_.size() > 1 && times_.lists_built % lists_between_cuts == 0 &&
               ownership_.is_uneven()) {
      welcome(ownership_.rebalance(rows_));
      ++times_.borders_moved;
    } else {
      welcome(ownership_.migrate(rows_));
    }
  }
  if (forces_.has_pairs()) {
    find_neighbours();
  } else {
    look_for_particles();
  }
  ++times_.lists_built;
  times_.lists += watch.seconds();
}

void InteractingMotion::find_neighbours() {
  CellGrid grid;
  ranks_.apply([&] {
    check_range();
    check_walls();
    grid =
        CellGrid(Bounds::of_rows(rows_.position(0), rows_.owned(), settings_.threads), reach_, rows_.owned());
    sort_by_cells(grid);
  });
  check_all_there();
  const bool in_motion = forces_.needs_velocities();
  images_.set_up(rows_, periods_, reach_, mirrors_images() ? OwnImages::mirrored : OwnImages::all,
                 in_motion ? ImageContents::positions_and_displacements : ImageContents::positions);
  if (in_motion) set_padding_displacements();
  images_.update(rows_, displacements_of_images());
  ranks_.apply([&] {
    shares_ = cut_by_work(grid, order_, settings_.threads);
    lists_.build(grid, rows_, order_, reach_, shares_);
    const std::int64_t most = lists_.most_neighbours(rows_);
    if (most > FixedPoint::most_terms) {
      // At the start, settings are at fault.
      throw Error(times_.lists_built == 0 ? ExitCode::configuration : ExitCode::simulation_failed,
                  "a particle has " + std::to_string(most) + " neighbours at step " + std::to_string(step_) +
                      ", more than the " + std::to_string(FixedPoint::most_terms) +
                      " whose forces can be summed exactly; use a smaller cut-off");
    }
  });
}

/// Padding does not move. Local.
void InteractingMotion::set_padding_displacements() {
  std::fill_n(displacement_of(rows_.owned()), width * (rows_.first_image() - rows_.owned()), 0.0);
}

PairVelocities InteractingMotion::velocities() const {
  return {.displacement = displacement_of(0), .steps_per_time = 1.0 / settings_.step};
}

/// Null where nobody needs them.
double* InteractingMotion::displacements_of_images() {
  return forces_.needs_velocities() ? displacement_of(0) : nullptr;
}

VerletRows InteractingMotion::verlet_rows() {
  return {.position = rows_.position(0),
          .displacement = displacement_of(0),
          .force = rows_.force(0),
          .reference = rows_.particles().data(reference_),
          .species = species_ ? rows_.particles().data(*species_) : nullptr,
          .rest = rest_ ? rests_of(0) : nullptr,
          .acceleration = acceleration_ ? rows_.particles().data(*acceleration_) : nullptr};
}

Drift InteractingMotion::kick_and_drift_all(int half_kicks) {
  const Stopwatch watch;
  const VerletRows rows = verlet_rows();
  Drift all;
  FirstFailure failure;
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(shares_.size()))
  for (std::size_t share = 0; share < shares_.size(); ++share) {
    Drift drift;
    failure.carry([&] {
      drift = langevin_ ? kick_and_drift_in_bath(rows, verlet_, *langevin_, masses_, shares_[share],
                                                 half_kicks, settings_.bath->first_step + step_, ids())
                        : kick_and_drift(rows, verlet_, shares_[share], half_kicks);
    });
#pragma omp critical(orrery_drift)
    all.merge(drift);
  }
  failure.rethrow();
  times_.integrate += watch.seconds();
  return all;
}

/// @return whether all displacements stayed in range
bool InteractingMotion::kick_all() {
  const Stopwatch watch;
  const VerletRows rows = verlet_rows();
  std::vector<int> in_range(shares_.size(), 1);
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(shares_.size()))
  for (std::size_t share = 0; share < shares_.size(); ++share)
    in_range[share] = kick(rows, verlet_, shares_[share]) ? 1 : 0;
  times_.integrate += watch.seconds();
  return std::count(in_range.begin(), in_range.end(), 0) == 0;
}

/// Computes forces; where images are on their way, first those that need none. Local.
void InteractingMotion::compute_forces(PairSums sums) {
  if (has_fields()) compute_fields();
  if (!forces_.has_pairs()) return;
  double waited = 0.0;
  const ImagesUnderWay images{.have_come = [this] { return images_.have_come(); },
                              .wait =
                                  [&] {
                                    const Stopwatch watch;
                                    images_.wait();
                                    waited += watch.seconds();
                                  }};
  const Stopwatch watch;
  PairTotals totals;
  if (!images_.have_come()) {
    totals = forces_.compute_meanwhile(rows_, lists_, sums, images, velocities());
  } else if (sums == PairSums::forces_and_totals) {
    totals = forces_.compute_totals(rows_, lists_, velocities());
  } else {
    totals.in_range = forces_.compute(rows_, lists_, velocities());
  }
  const double computed = watch.seconds() - waited;
  times_.pairs += computed;
  times_.exchange += waited;
  ownership_.note_work(computed);
  if (sums == PairSums::forces_and_totals) totals_ = totals;
  if (!totals.in_range) throw force_out_of_range();
}

/// Does local work; what it throws waits for `agree`, so that all ranks go on making the same collective
/// calls.
template <class Work>
void InteractingMotion::attempt(const Work& work) {
  try {
    if (!failure_) work();
  } catch (...) {
    failure_ = std::current_exception();
  }
}

/// Throws on all ranks when something failed on any since the last time. Collective.
void InteractingMotion::agree() {
  double failures = failure_ ? 1.0 : 0.0;
  ranks_.maximum(std::span(&failures, 1));
  if (!(failures > 0.0)) return;
  name_the_other();
  ranks_.apply([this] {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  });
}

/// @return whether any rank is asked to stop; the forces then are those of a last step
bool InteractingMotion::step_once(int half_kicks, PairSums sums, const Meanwhile& meanwhile,
                                  const StopRequest* stop) {
  Drift drift;
  const bool is_centred = settings_.bath && settings_.bath->keeps_momentum;
  if (is_centred) {
    attempt([&] { mix_in_centred_bath(half_kicks); });
    sum_in_centred_bath();
  }
  attempt([&] {
    drift = is_centred ? drift_in_centred_bath() : kick_and_drift_all(half_kicks);
    ++step_;
    if (!drift.in_range) throw moved_too_far(step_);
    meanwhile(step_);
  });
  const Stopwatch watch;
  constexpr double wish = 1.0, failed = 2.0;
  const bool asked = stop != nullptr && stop->is_made();
  std::array<double, 2> vote{drift.most2, failure_ ? failed : asked ? wish : 0.0};
  images_.expect();
  ranks_.maximum(vote);
  const bool has_failed = vote[1] == failed, is_last = vote[1] == wish;
  if (is_last) sums = PairSums::forces_and_totals;
  const double moved = 2.0 * std::sqrt(vote[0]);
  const bool lists_are_stale = moved > settings_.skin;
  if (has_failed || lists_are_stale) images_.expect_no_more();
  if (has_failed) agree();
  if (lists_are_stale) {
    rebuild();
  } else {
    if (forces_.has_pairs()) images_.start(rows_, displacements_of_images());
    times_.exchange += watch.seconds();
  }
  attempt([&] { compute_forces(sums); });
  const Stopwatch sending;
  images_.finish();
  times_.exchange += sending.seconds();
  return is_last;
}

Advance InteractingMotion::evolve(Range steps, const Meanwhile& meanwhile, const StopRequest* stop) {
  Advance reached{.step = steps.begin, .stopped = false};
  while (reached.step < steps.end && !reached.stopped) {
    const bool is_first = reached.step == steps.begin, is_last = reached.step + 1 == steps.end;
    reached.stopped = step_once(is_first ? 1 : 2, is_last ? PairSums::forces_and_totals : PairSums::forces,
                                meanwhile, stop);
    ++reached.step;
  }
  if (steps.size() > 0) {
    attempt([&] {
      if (!kick_all()) throw moved_too_far(step_);
    });
  }
  agree();
  return reached;
}

void InteractingMotion::reverse() {
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double& u = displacement_of(row)[axis];
      u = 0.0 - u;  // which has no negative zero
      if (!rest_) continue;
      double& rest = rests_of(row)[displacement_rests + axis];
      rest = 0.0 - rest;
    }
  }
}

std::size_t InteractingMotion::bytes() const {
  return rows_.bytes() + (crossings_ ? crossings_->bytes() : 0) + forces_.bytes() + lists_.bytes() +
         images_.bytes() + order_.bytes();
}

}  // namespace orrery
