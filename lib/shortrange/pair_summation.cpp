#include "shortrange/pair_summation.hpp"

#include <optional>

namespace orrery {

DoubleSummation::DoubleSummation(const PairLaw& law)
    : constants_(law.constants()),
      kernels_(pair_kernels(law.name(), law.method_index())),
      force_unit_(FixedPoint::for_terms_up_to(law.force_bound())),
      energy_unit_(FixedPoint::for_terms_up_to(law.force_bound() * constants_.cutoff)) {}

PairTotals DoubleSummation::compute(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                                    const PairVelocities& velocities, const GhostsUnderWay* ghosts) {
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
  return sum_over_shares(rows, lists, kernel, arrival ? &*arrival : nullptr);
}

}  // namespace orrery
