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

  /// Whether they have. By the calling thread, even after they have: others may wait for what this rank
  /// sends.
  bool look() {
    if (images_.have_come() && !has_come_) tell();
    return has_come_;
  }
  void wait_for_images() {
    if (has_come_) return;
    images_.wait();
    tell();
  }
  /// By any other thread.
  bool is_told() const { return has_come_; }
  void wait_to_be_told() const { has_come_.wait(false); }

private:
  void tell() {
    has_come_ = true;
    has_come_.notify_all();
  }

  const ImagesUnderWay& images_;
  std::atomic<bool> has_come_{false};
};

/// A thread's work on its share of the particles.
class PairForces::ShareWork {
public:
  ShareWork(const PairForces& forces, const PairJob& job, const NeighbourLists& lists, std::size_t share,
            PairSums sums)
      : kernels_(forces.kernels_), job_(job), lists_(lists), share_(share), sums_(sums) {}

  PairTotals compute() {
    compute(lists_.slice(share_).particles);
    return totals_;
  }

  /// While images are under way, the interior; and once they are there all that is left, in the order of
  /// memory.
  PairTotals compute_as_images_come(Arrival& arrival) {
    const Range all = lists_.slice(share_).particles;
    const std::int64_t reached = compute_interior(arrival);
    if (is_calling()) {
      arrival.wait_for_images();
    } else if (!lists_.runs(share_, PairPart::border).empty()) {
      arrival.wait_to_be_told();
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

private:
  /// @return from where on nothing is done, which is not inside a run of the border
  std::int64_t compute_interior(Arrival& arrival) {
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

  /// @return whether all pieces were taken
  template <class Take>
  static bool in_pieces(Range particles, const Take& take) {
    for (std::int64_t begin = particles.begin; begin < particles.end; begin += particles_between_looks) {
      if (!take({begin, std::min(particles.end, begin + particles_between_looks)})) return false;
    }
    return true;
  }

  void compute(Range particles) {
    const NeighbourSlice slice = lists_.slice(share_, particles);
    if (sums_ == PairSums::forces) {
      totals_.in_range = kernels_.forces(job_, slice) && totals_.in_range;
    } else {
      totals_.merge(kernels_.forces_and_totals(job_, slice));
    }
    since_look_ += particles.size();
  }

  /// As far as is known: to look costs something.
  bool has_come(Arrival& arrival) {
    if (!is_calling()) return arrival.is_told();
    if (since_look_ >= particles_between_looks) {
      since_look_ = 0;
      return arrival.look();
    }
    return arrival.is_told();
  }

  /// The first share is the calling thread's, and what it begins with.
  bool is_calling() const { return share_ == 0; }

  const PairKernels& kernels_;
  const PairJob& job_;
  const NeighbourLists& lists_;
  std::size_t share_;
  PairSums sums_;
  PairTotals totals_;
  std::int64_t since_look_ = 0;
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
    ShareWork work(*this, job, lists, share, sums);
    const PairTotals mine = arrival == nullptr ? work.compute() : work.compute_as_images_come(*arrival);
    // Integers: no order shows.
#pragma omp critical(orrery_pair_totals)
    totals.merge(mine);
  }
  rows.fold_forces();
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
