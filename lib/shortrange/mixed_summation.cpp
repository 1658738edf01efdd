#include "shortrange/mixed_summation.hpp"

#include <optional>

#include "core/even_split.hpp"
#include "shortrange/mixed_range.hpp"

namespace orrery {

MixedSummation::MixedSummation(const PairLaw& law, FixedPoint grid)
    : double_(law),
      kernels_(mixed_pair_kernels(law.name(), law.method_index())),
      mixed_rows_(grid),
      constants_(mixed_constants(law, grid)),
      safe_distance_(mixed_safe_distance(law, grid)),
      force_unit_(mixed_force_unit(law.mixed_force_bound())) {}

PairTotals MixedSummation::compute_forces(PairRows& rows, const NeighbourLists& lists,
                                          const PairVelocities& velocities, const GhostsUnderWay* ghosts) {
  mixed_rows_.resize(rows, double_.needs_velocities());
  const auto shares = static_cast<int>(lists.shares());
  const Range remote{static_cast<std::int64_t>(rows.first_remote()),
                     static_cast<std::int64_t>(rows.first_image() + rows.images())};
  const auto first_image = static_cast<std::int64_t>(rows.first_image());
  const EvenSplit there((ghosts == nullptr ? remote.end : remote.begin) - first_image, shares);
#pragma omp parallel for schedule(static, 1) num_threads(shares)
  for (int share = 0; share < shares; ++share) {
    mixed_rows_.round(rows, velocities, lists.slice(static_cast<std::size_t>(share)).particles);
    const Range mine = there.part(share);
    mixed_rows_.round(rows, velocities, {first_image + mine.begin, first_image + mine.end});
  }
  const MixedPairJob job{.position = mixed_rows_.position(),
                         .velocity = mixed_rows_.velocity(),
                         .force = rows.force(0),
                         .constants = constants_,
                         .safe_distance = safe_distance_};
  const ShareWork::Kernel kernel = [&](const NeighbourSlice& slice) {
    PairTotals totals;
    totals.in_range = kernels_.forces(job, slice);
    return totals;
  };
  std::optional<GhostArrival> arrival;
  if (ghosts != nullptr) arrival.emplace(*ghosts, [&] { mixed_rows_.round(rows, velocities, remote); });
  return sum_over_shares(rows, lists, kernel, arrival ? &*arrival : nullptr);
}

PairTotals MixedSummation::compute(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                                   const PairVelocities& velocities, const GhostsUnderWay* ghosts) {
  if (sums == PairSums::forces) return compute_forces(rows, lists, velocities, ghosts);
  PairTotals totals = double_.compute(rows, lists, sums, velocities, ghosts);
  // Forces must not depend on whether the energy was asked for.
  totals.in_range = compute_forces(rows, lists, velocities, nullptr).in_range && totals.in_range;
  return totals;
}

}  // namespace orrery
