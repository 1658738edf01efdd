#include "shortrange/pair_forces.hpp"

#include <algorithm>

namespace orrery {

PairForces::PairForces(const PairLaw& law)
    : constants_(law.constants()),
      kernels_(pair_kernels(law.name(), law.method_index())),
      force_unit_(FixedPoint::for_terms_up_to(law.force_bound())),
      energy_unit_(FixedPoint::for_terms_up_to(law.force_bound() * constants_.cutoff)) {}

template <class Kernel>
PairTotals PairForces::run(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities,
                           const Kernel& kernel) const {
  const PairJob job{.position = rows.position(0),
                    .force = rows.force(0),
                    .constants = constants_,
                    .force_unit = force_unit_,
                    .energy_unit = energy_unit_,
                    .velocities = velocities};
  PairTotals totals;
  std::fill_n(rows.force(rows.first_image()), PairRows::width * rows.mirrored(), std::int64_t{0});
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(lists.shares()))
  for (std::size_t share = 0; share < lists.shares(); ++share) {
    const NeighbourSlice slice = lists.slice(share);
    const auto first = static_cast<std::size_t>(slice.particles.begin);
    std::fill_n(rows.force(first), PairRows::width * static_cast<std::size_t>(slice.particles.size()),
                std::int64_t{0});
    const PairTotals mine = kernel(job, slice);
    // Integers: no order shows.
#pragma omp critical(orrery_pair_totals)
    totals.merge(mine);
  }
  rows.fold_forces();
  return totals;
}

bool PairForces::compute(PairRows& rows, const NeighbourLists& lists,
                         const PairVelocities& velocities) const {
  return run(rows, lists, velocities,
             [this](const PairJob& job, const NeighbourSlice& slice) {
               PairTotals totals;
               totals.in_range = kernels_.forces(job, slice);
               return totals;
             })
      .in_range;
}

PairTotals PairForces::compute_totals(PairRows& rows, const NeighbourLists& lists,
                                      const PairVelocities& velocities) const {
  return run(rows, lists, velocities, [this](const PairJob& job, const NeighbourSlice& slice) {
    return kernels_.forces_and_totals(job, slice);
  });
}

}  // namespace orrery
