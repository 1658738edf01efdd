#include "shortrange/pair_forces.hpp"

#include <algorithm>
#include <atomic>

namespace orrery {
namespace {

/// Some 20 microseconds of work for a liquid.
constexpr std::int64_t particles_between_looks = 512;

}  // namespace

/// Tells all threads when images have come, which the calling one alone may find out.
class PairForces::Arrival {
public:
  explicit Arrival(const ImagesUnderWay& images) : images_(images) {}

  /// By the calling thread. After the images have come too: others may still wait for what this rank sends.
  void look() {
    if (images_.have_come() && !has_come_) tell();
  }
  void wait_for_images() {
    if (has_come_) return;
    images_.wait();
    tell();
  }
  /// By any other.
  void wait_for_word() const { has_come_.wait(false); }

private:
  void tell() {
    has_come_ = true;
    has_come_.notify_all();
  }

  const ImagesUnderWay& images_;
  std::atomic<bool> has_come_{false};
};

PairForces::PairForces(const PairLaw& law)
    : constants_(law.constants()),
      kernels_(pair_kernels(law.name(), law.method_index())),
      force_unit_(FixedPoint::for_terms_up_to(law.force_bound())),
      energy_unit_(FixedPoint::for_terms_up_to(law.force_bound() * constants_.cutoff)) {}

PairTotals PairForces::compute_all(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                                   Arrival* arrival) const {
  const PairJob job{.position = rows.position(0),
                    .force = rows.force(0),
                    .constants = constants_,
                    .force_unit = force_unit_,
                    .energy_unit = energy_unit_};
  PairTotals totals;
  std::fill_n(rows.force(rows.first_image()), PairRows::width * rows.mirrored(), std::int64_t{0});
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(lists.shares()))
  for (std::size_t share = 0; share < lists.shares(); ++share) {
    const Range particles = lists.slice(share).particles;
    std::fill_n(rows.force(static_cast<std::size_t>(particles.begin)),
                PairRows::width * static_cast<std::size_t>(particles.size()), std::int64_t{0});
    PairTotals mine;
    if (arrival == nullptr) {
      mine = compute_part(job, lists, share, PairPart::all, sums, nullptr);
    } else {
      // No barrier between the parts, of which threads have more and less. The first share is the calling
      // thread's, and what it begins with.
      Arrival* const watched = share == 0 ? arrival : nullptr;
      mine = compute_part(job, lists, share, PairPart::interior, sums, watched);
      if (watched != nullptr) {
        watched->wait_for_images();
      } else if (!lists.runs(share, PairPart::border).empty()) {
        arrival->wait_for_word();
      }
      mine.merge(compute_part(job, lists, share, PairPart::border, sums, watched));
    }
    // Integers: no order shows.
#pragma omp critical(orrery_pair_totals)
    totals.merge(mine);
  }
  rows.fold_forces();
  return totals;
}

PairTotals PairForces::compute_part(const PairJob& job, const NeighbourLists& lists, std::size_t share,
                                    PairPart part, PairSums sums, Arrival* watched) const {
  PairTotals totals;
  std::int64_t since_look = 0;
  for (const Range run : lists.runs(share, part)) {
    for (Range piece{run.begin, run.begin}; piece.begin < run.end; piece.begin = piece.end) {
      piece.end = watched != nullptr ? std::min(run.end, piece.begin + particles_between_looks) : run.end;
      const NeighbourSlice slice = lists.slice(share, piece);
      if (sums == PairSums::forces) {
        totals.in_range = kernels_.forces(job, slice) && totals.in_range;
      } else {
        totals.merge(kernels_.forces_and_totals(job, slice));
      }
      since_look += piece.size();
      if (watched != nullptr && since_look >= particles_between_looks) {
        watched->look();
        since_look = 0;
      }
    }
  }
  return totals;
}

bool PairForces::compute(PairRows& rows, const NeighbourLists& lists) const {
  return compute_all(rows, lists, PairSums::forces, nullptr).in_range;
}

PairTotals PairForces::compute_totals(PairRows& rows, const NeighbourLists& lists) const {
  return compute_all(rows, lists, PairSums::forces_and_totals, nullptr);
}

PairTotals PairForces::compute_meanwhile(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                                         const ImagesUnderWay& images) const {
  Arrival arrival(images);
  return compute_all(rows, lists, sums, &arrival);
}

}  // namespace orrery
