#include "shortrange/pair_forces.hpp"

#include <algorithm>

#include "core/even_split.hpp"

namespace orrery {

PairForces::PairForces(const PairLaw& law)
    : constants_(law.constants()),
      kernels_(pair_kernels(law.name(), law.method_index())),
      force_unit_(FixedPoint::for_terms_up_to(law.force_bound())),
      energy_unit_(FixedPoint::for_terms_up_to(law.force_bound() * constants_.cutoff)) {}

PairForces::PairForces(const PairLaw& law, FixedPoint grid) : PairForces(law) {
  mixed_.emplace(
      Mixed{.kernels = mixed_pair_kernels(law.name(), law.method_index()), .rows = MixedRows(grid)});
  force_unit_ = mixed_force_unit(law.mixed_force_bound());
}

NeighbourLists PairForces::lists() const {
  return mixed_ ? NeighbourLists(mixed_->kernels.lanes, Pairing::both_ways)
                : NeighbourLists(kernels_.lanes, Pairing::once);
}

PairJob PairForces::job(PairRows& rows, const PairVelocities& velocities) const {
  return {.position = rows.position(0),
          .force = rows.force(0),
          .constants = constants_,
          .force_unit = force_unit_,
          .energy_unit = energy_unit_,
          .velocities = velocities};
}

template <class Kernel>
PairTotals PairForces::run(PairRows& rows, const NeighbourLists& lists, const Kernel& kernel) const {
  PairTotals totals;
  std::fill_n(rows.force(rows.first_image()), PairRows::width * rows.mirrored(), std::int64_t{0});
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(lists.shares()))
  for (std::size_t share = 0; share < lists.shares(); ++share) {
    const NeighbourSlice slice = lists.slice(share);
    const auto first = static_cast<std::size_t>(slice.particles.begin);
    std::fill_n(rows.force(first), PairRows::width * static_cast<std::size_t>(slice.particles.size()),
                std::int64_t{0});
    const PairTotals mine = kernel(slice);
    // Integers: no order shows.
#pragma omp critical(orrery_pair_totals)
    totals.merge(mine);
  }
  rows.fold_forces();
  return totals;
}

bool PairForces::compute_mixed(PairRows& rows, const NeighbourLists& lists,
                               const PairVelocities& velocities) {
  MixedRows& mixed = mixed_->rows;
  mixed.resize(rows, needs_velocities());
  const auto shares = static_cast<int>(lists.shares());
  const EvenSplit images(static_cast<std::int64_t>(rows.images()), shares);
  const auto first_image = static_cast<std::int64_t>(rows.first_image());
#pragma omp parallel for schedule(static, 1) num_threads(shares)
  for (int share = 0; share < shares; ++share) {
    mixed.round(rows, velocities, lists.slice(static_cast<std::size_t>(share)).particles);
    const Range mine = images.part(share);
    mixed.round(rows, velocities, {first_image + mine.begin, first_image + mine.end});
  }
  const MixedPairJob job{.position = mixed.position(),
                         .velocity = mixed.velocity(),
                         .force = rows.force(0),
                         .constants = constants_,
                         .grid = mixed.grid(),
                         .force_unit = force_unit_};
  return run(rows, lists,
             [&](const NeighbourSlice& slice) {
               PairTotals totals;
               totals.in_range = mixed_->kernels.forces(job, slice);
               return totals;
             })
      .in_range;
}

bool PairForces::compute(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities) {
  if (mixed_) return compute_mixed(rows, lists, velocities);
  return run(rows, lists,
             [&, job = job(rows, velocities)](const NeighbourSlice& slice) {
               PairTotals totals;
               totals.in_range = kernels_.forces(job, slice);
               return totals;
             })
      .in_range;
}

PairTotals PairForces::compute_totals(PairRows& rows, const NeighbourLists& lists,
                                      const PairVelocities& velocities) {
  PairTotals totals = run(rows, lists, [&, job = job(rows, velocities)](const NeighbourSlice& slice) {
    return kernels_.forces_and_totals(job, slice);
  });
  // Forces must not depend on whether anybody asked for the energy.
  if (mixed_) totals.in_range = compute_mixed(rows, lists, velocities) && totals.in_range;
  return totals;
}

}  // namespace orrery
