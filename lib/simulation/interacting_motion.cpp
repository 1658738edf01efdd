#include "simulation/interacting_motion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "core/even_split.hpp"
#include "core/stopwatch.hpp"
#include "simulation/motion_failures.hpp"
#include "simulation/motion_grids.hpp"
#include "simulation/motion_start.hpp"
#include "simulation/rows_by_id.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;

/// Adds the seconds that some work takes.
template <class Work>
auto timed(double& seconds, const Work& work) {
  struct Timer {
    double& seconds;
    Stopwatch watch{};
    ~Timer() { seconds += watch.seconds(); }
  };
  const Timer timer{seconds};
  return work();
}

}  // namespace

InteractingMotion::InteractingMotion(const Communicator& ranks, const NewtonianLaw& law, const Box& box,
                                     const MotionSettings& settings, std::int64_t count)
    : ranks_(ranks),
      settings_(settings),
      pairs_(ranks, law.pairs(), box, settings),
      fields_(settings.fields),
      state_(box, settings, pairs_.forces(), displacement_bound(law, box_in_use(box, settings.precision)),
             count),
      ownership_(ranks, count, settings.threads),
      integrator_(ranks, settings.bath) {
  ensure(pairs_.has_pairs() || settings.precision == PairPrecision::full,
         "without pairs there is nothing to compute in single precision");
  // Looked at wherever the farthest particle has gone half as far.
  if (!pairs_.has_pairs()) settings_.skin = state_.bound;
  constexpr double far = 0x1p20;
  const auto& lengths = state_.box.lengths;
  state_.rows.set_far_away(far * std::max(pairs_.reach(), *std::max_element(lengths.begin(), lengths.end())));
}

void InteractingMotion::begin(const RowsById& rows) {
  integrator_.set_up(state_);
  start(rows);
  if (!must_carry_rests(ranks_, state_, settings_, rows)) return;
  state_.carry_rests();
  start(rows);
}

/// Places the particles and computes the first forces. Collective.
void InteractingMotion::start(const RowsById& rows) {
  ranks_.apply([&] {
    place_particles(ranks_, state_, rows);
    if (settings_.counts_images) crossings_.emplace(ranks_, state_.count, starting_images(state_, rows));
  });
  integrator_.begin(state_);
  if (pairs_.has_pairs()) state_.welcome(ownership_.rebalance(state_.rows));
  rebuild();
  if (settings_.one_place && pairs_.has_pairs())
    check_places(ranks_, state_, pairs_.lists(), *settings_.one_place);
  attempt([&] { compute_forces(PairSums::forces_and_totals); });
  agree();
}

void InteractingMotion::check_first_step() {
  if (integrator_.has_bath()) return;
  ranks_.apply([&] {
    // The kick with which the step begins, and back: on their grid, both are exact.
    for (int way = 0; way < 2; ++way) {
      if (!integrator_.kick(state_)) throw moved_too_far(state_, state_.step + 1);
      state_.reverse();
    }
  });
}

/// Gives particles to the ranks whose regions they are in now, which are cut anew where some have more to do.
/// Where particles see no others, they may stay on the rank that they began on. Collective.
void InteractingMotion::migrate() {
  constexpr std::int64_t lists_between_cuts = 16;
  if (!pairs_.has_pairs()) return;
  const bool is_due = settings_.balance && ranks_.size() > 1 && times_.lists_built % lists_between_cuts == 0;
  if (is_due && ownership_.is_uneven()) {
    state_.welcome(ownership_.rebalance(state_.rows));
    ++times_.borders_moved;
  } else {
    state_.welcome(ownership_.migrate(state_.rows));
  }
}

/// Brings particles into the box, to their ranks, and finds all neighbours anew. Collective.
void InteractingMotion::rebuild() {
  const Stopwatch watch;
  if (times_.lists_built > 0) {
    if (crossings_) count_crossings();
    state_.wrap_all();
    migrate();
  }
  if (pairs_.has_pairs()) {
    const CellGrid grid = ranks_.apply([&] {
      check_range(state_);
      check_walls(state_);
      return pairs_.sort_by_cells(state_);
    });
    check_all_there();
    pairs_.find_neighbours(state_, grid, times_.lists_built == 0);
  } else {
    look_for_particles();
  }
  ++times_.lists_built;
  times_.lists += watch.seconds();
}

/// What a rebuild is without pairs. Collective.
void InteractingMotion::look_for_particles() {
  ranks_.apply([&] {
    check_range(state_);
    check_walls(state_);
    const std::size_t count = width * state_.rows.owned();
    std::copy_n(state_.rows.position(0), count, state_.rows.particles().data(state_.reference));
    std::fill_n(state_.rows.force(0), count, std::int64_t{0});
    const EvenSplit split(static_cast<std::int64_t>(state_.rows.owned()), state_.threads);
    state_.shares.clear();
    for (int share = 0; share < state_.threads; ++share) state_.shares.push_back(split.part(share));
  });
  check_all_there();
}

/// Ends the run where a particle is lost, or there twice. Collective.
void InteractingMotion::check_all_there() const {
  const auto found = ownership_.miscount(state_.rows, state_.index);
  if (found) ranks_.apply([&] { throw miscounted(state_, *found); });
}

/// Notes particles that are about to be wrapped. Collective.
void InteractingMotion::count_crossings() {
  constexpr std::int64_t lists_between_settlements = 64;
  ranks_.apply([&] { crossings_->note(crossings_now(state_)); });
  if (times_.lists_built % lists_between_settlements == 0) crossings_->settle();
}

std::vector<ImageNumbers> InteractingMotion::images_by_id() {
  return crossings_->at_frame(ranks_.apply([&] { return crossings_now(state_); }));
}

RowsById InteractingMotion::rows_by_id() const {
  return orrery::rows_by_id(ranks_, state_);
}

bool InteractingMotion::keeps_energy() const {
  return fields_.keep_energy(state_.box) && !settings_.bath && !pairs_.forces().needs_velocities();
}

/// Computes all terms of the forces. Local.
void InteractingMotion::compute_forces(PairSums sums) {
  if (fields_.any()) timed(times_.fields, [&] { fields_.compute(state_); });
  if (!pairs_.has_pairs()) return;
  const PairEngine::Computed computed = pairs_.compute(state_, sums);
  times_.pairs += computed.seconds;
  times_.exchange += computed.waited_seconds;
  ownership_.note_work(computed.seconds);
  if (!computed.in_range) throw too_near();
}

/// By the pair whose force is out of range. Local.
FactualError InteractingMotion::too_near() {
  const PairForces& forces = pairs_.forces();
  const ClosePair pair = closest_pair(state_, pairs_.lists(), forces.cutoff(), forces.needs_velocities());
  FactualError error = force_out_of_range(state_, pair);
  if (!state_.rows.own_row(pair.other))
    unnamed_.emplace(Unnamed{.failure = error, .place = state_.place_in_box(pair.other)});
  return error;
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
  if (!failure_) unnamed_.reset();
  if (const auto named = with_other_named(ranks_, state_, unnamed_))
    failure_ = std::make_exception_ptr(*named);
  unnamed_.reset();
  ranks_.apply([this] {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  });
}

/// @return whether any rank is asked to stop; the forces then are those of a last step
bool InteractingMotion::step_once(int half_kicks, PairSums sums, const Meanwhile& meanwhile,
                                  const StopRequest* stop) {
  Drift drift;
  if (integrator_.keeps_momentum()) {
    attempt([&] { timed(times_.integrate, [&] { integrator_.mix(state_, half_kicks); }); });
    timed(times_.exchange, [&] { integrator_.sum(); });
  }
  attempt([&] {
    drift = timed(times_.integrate, [&] { return integrator_.move(state_, half_kicks); });
    ++state_.step;
    if (!drift.in_range) throw moved_too_far(state_, state_.step);
    meanwhile(state_.step);
  });
  const Stopwatch watch;
  constexpr double wish = 1.0, failed = 2.0;
  const bool asked = stop != nullptr && stop->is_made();
  std::array<double, 2> vote{drift.most2, failure_ ? failed : asked ? wish : 0.0};
  pairs_.post_receives();
  ranks_.maximum(vote);
  const bool has_failed = vote[1] == failed, is_last = vote[1] == wish;
  if (is_last) sums = PairSums::forces_and_totals;
  const double moved = 2.0 * std::sqrt(vote[0]);
  const bool lists_are_stale = moved > settings_.skin;
  if (has_failed || lists_are_stale) pairs_.cancel_receives();
  if (has_failed) agree();
  if (lists_are_stale) {
    rebuild();
  } else {
    if (pairs_.has_pairs()) pairs_.start_exchange(state_);
    times_.exchange += watch.seconds();
  }
  attempt([&] { compute_forces(sums); });
  timed(times_.exchange, [&] { pairs_.finish_exchange(); });
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
      if (!timed(times_.integrate, [&] { return integrator_.kick(state_); }))
        throw moved_too_far(state_, state_.step);
    });
  }
  agree();
  return reached;
}

std::size_t InteractingMotion::bytes() const {
  return state_.rows.bytes() + (crossings_ ? crossings_->bytes() : 0) + pairs_.bytes();
}

}  // namespace orrery
