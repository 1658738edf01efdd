#include "shortrange/share_work.hpp"

#include <algorithm>

namespace orrery {
namespace {

/// Some 20 microseconds of work for a liquid.
constexpr std::int64_t particles_between_looks = 512;

/// @return whether all pieces were taken
template <class Take>
bool in_pieces(Range particles, const Take& take) {
  for (std::int64_t begin = particles.begin; begin < particles.end; begin += particles_between_looks) {
    if (!take({begin, std::min(particles.end, begin + particles_between_looks)})) return false;
  }
  return true;
}

}  // namespace

bool GhostArrival::look() {
  if (ghosts_.test() && !has_come_) tell();
  return has_come_;
}

void GhostArrival::wait_for_ghosts() {
  if (has_come_) return;
  ghosts_.wait_ready();
  tell();
}

void GhostArrival::tell() {
  if (prepare_) prepare_();
  has_come_ = true;
  has_come_.notify_all();
}

PairTotals ShareWork::compute() {
  compute(lists_.slice(share_).particles);
  return totals_;
}

PairTotals ShareWork::compute_as_ghosts_come(GhostArrival& arrival) {
  const Range all = lists_.slice(share_).particles;
  const std::int64_t reached = compute_interior(arrival);
  if (is_calling()) {
    arrival.wait_for_ghosts();
  } else if (!lists_.runs(share_, PairPart::border).empty()) {
    arrival.wait_ready();
  }
  const auto compute_and_look = [&](Range particles) {
    in_pieces(particles, [&](Range piece) {
      compute(piece);
      has_come(arrival);
      return true;
    });
  };
  compute_and_look({reached, all.end});
  for (const Range run : lists_.runs(share_, PairPart::border)) {
    if (run.begin < reached) compute_and_look(run);
  }
  return totals_;
}

/// @return from where on nothing is done, which is not inside a run of the border
std::int64_t ShareWork::compute_interior(GhostArrival& arrival) {
  std::int64_t reached = lists_.slice(share_).particles.begin;
  for (const Range run : lists_.runs(share_, PairPart::interior)) {
    const bool goes_on = in_pieces(run, [&](Range piece) {
      if (has_come(arrival)) return false;
      compute(piece);
      reached = piece.end;
      return true;
    });
    if (!goes_on) break;
  }
  return reached;
}

void ShareWork::compute(Range particles) {
  totals_.merge(kernel_(lists_.slice(share_, particles)));
  since_look_ += particles.size();
}

/// As far as is known: to look costs something.
bool ShareWork::has_come(GhostArrival& arrival) {
  if (!is_calling()) return arrival.is_told();
  if (since_look_ >= particles_between_looks) {
    since_look_ = 0;
    return arrival.look();
  }
  return arrival.is_told();
}

PairTotals sum_over_shares(PairRows& rows, const NeighbourLists& lists, const ShareWork::Kernel& kernel,
                           GhostArrival* arrival) {
  PairTotals totals;
  std::fill_n(rows.force(rows.first_image()), PairRows::width * rows.mirrored(), std::int64_t{0});
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(lists.shares()))
  for (std::size_t share = 0; share < lists.shares(); ++share) {
    const Range particles = lists.slice(share).particles;
    std::fill_n(rows.force(static_cast<std::size_t>(particles.begin)),
                PairRows::width * static_cast<std::size_t>(particles.size()), std::int64_t{0});
    ShareWork work(kernel, lists, share);
    const PairTotals mine = arrival == nullptr ? work.compute() : work.compute_as_ghosts_come(*arrival);
    // Integers: no order shows.
#pragma omp critical(orrery_pair_totals)
    totals.merge(mine);
  }
  rows.fold_forces();
  return totals;
}

}  // namespace orrery
