#include "shortrange/pair_forces.hpp"

#include <algorithm>
#include <optional>

#include "core/even_split.hpp"
#include "shortrange/mixed_range.hpp"

namespace orrery {
namespace {

/// Runs a kernel over all shares, a thread for each. @param arrival  null: all images are there
PairTotals run(PairRows& rows, const NeighbourLists& lists, const ShareWork::Kernel& kernel,
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

}  // namespace

PairForces::PairForces(const PairLaw& law)
    : constants_(law.constants()),
      kernels_(pair_kernels(law.name(), law.method_index())),
      force_unit_(FixedPoint::for_terms_up_to(law.force_bound())),
      energy_unit_(FixedPoint::for_terms_up_to(law.force_bound() * constants_.cutoff)) {}

PairForces::PairForces(const PairLaw& law, FixedPoint grid) : PairForces(law) {
  mixed_.emplace(Mixed{.kernels = mixed_pair_kernels(law.name(), law.method_index()),
                       .rows = MixedRows(grid),
                       .constants = mixed_constants(law, grid),
                       .safe_distance = mixed_safe_distance(law, grid)});
  force_unit_ = mixed_force_unit(law.mixed_force_bound());
}

NeighbourLists PairForces::lists() const {
  return mixed_ ? NeighbourLists(mixed_->kernels.lanes, Pairing::both_ways)
                : NeighbourLists(kernels_.lanes, Pairing::once);
}

PairTotals PairForces::compute_in_double(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                                         const PairVelocities& velocities,
                                         const GhostsUnderWay* ghosts) const {
  const PairJob job{.position = rows.position(0),
                    .force = rows.force(0),
                    .constants = constants_,
                    .force_unit = force_unit_,
                    .energy_unit = energy_unit_,
                    .velocities = velocities};
  const ShareWork::Kernel kernel = [&](const NeighbourSlice& slice) {
    if (sums == PairSums::forces_and_totals) return kernels_.forces_and_totals(job, slice);
    PairTotals totals;
    totals.in_range = kernels_.forces(job, slice);
    return totals;
  };
  std::optional<GhostArrival> arrival;
  if (ghosts != nullptr) arrival.emplace(*ghosts);
  return run(rows, lists, kernel, arrival ? &*arrival : nullptr);
}

PairTotals PairForces::compute_mixed(PairRows& rows, const NeighbourLists& lists,
                                     const PairVelocities& velocities, const GhostsUnderWay* ghosts) {
  MixedRows& mixed = mixed_->rows;
  mixed.resize(rows, needs_velocities());
  const auto shares = static_cast<int>(lists.shares());
  const Range awaited{static_cast<std::int64_t>(rows.first_awaited()),
                      static_cast<std::int64_t>(rows.first_image() + rows.images())};
  const auto first_image = static_cast<std::int64_t>(rows.first_image());
  const EvenSplit there((ghosts == nullptr ? awaited.end : awaited.begin) - first_image, shares);
#pragma omp parallel for schedule(static, 1) num_threads(shares)
  for (int share = 0; share < shares; ++share) {
    mixed.round(rows, velocities, lists.slice(static_cast<std::size_t>(share)).particles);
    const Range mine = there.part(share);
    mixed.round(rows, velocities, {first_image + mine.begin, first_image + mine.end});
  }
  const MixedPairJob job{.position = mixed.position(),
                         .velocity = mixed.velocity(),
                         .force = rows.force(0),
                         .constants = mixed_->constants,
                         .safe_distance = mixed_->safe_distance};
  const ShareWork::Kernel kernel = [&](const NeighbourSlice& slice) {
    PairTotals totals;
    totals.in_range = mixed_->kernels.forces(job, slice);
    return totals;
  };
  std::optional<GhostArrival> arrival;
  if (ghosts != nullptr) arrival.emplace(*ghosts, [&] { mixed.round(rows, velocities, awaited); });
  return run(rows, lists, kernel, arrival ? &*arrival : nullptr);
}

PairTotals PairForces::compute_all(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                                   const PairVelocities& velocities, const GhostsUnderWay* ghosts) {
  if (!mixed_) return compute_in_double(rows, lists, sums, velocities, ghosts);
  if (sums == PairSums::forces) return compute_mixed(rows, lists, velocities, ghosts);
  PairTotals totals = compute_in_double(rows, lists, sums, velocities, ghosts);
  // Forces must not depend on whether anybody asked for the energy.
  totals.in_range = compute_mixed(rows, lists, velocities, nullptr).in_range && totals.in_range;
  return totals;
}

bool PairForces::compute(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities) {
  return compute_all(rows, lists, PairSums::forces, velocities, nullptr).in_range;
}

PairTotals PairForces::compute_totals(PairRows& rows, const NeighbourLists& lists,
                                      const PairVelocities& velocities) {
  return compute_all(rows, lists, PairSums::forces_and_totals, velocities, nullptr);
}

PairTotals PairForces::compute_meanwhile(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                                         const GhostsUnderWay& ghosts, const PairVelocities& velocities) {
  return compute_all(rows, lists, sums, velocities, &ghosts);
}

}  // namespace orrery
