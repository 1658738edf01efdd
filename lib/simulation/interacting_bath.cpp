// A bath that keeps the momentum: what its two parts need of all particles.
#include <cmath>

#include "core/fixed_point.hpp"
#include "core/stopwatch.hpp"
#include "particles/degrees_of_freedom.hpp"
#include "simulation/interacting_motion.hpp"

namespace orrery {

/// Finds what the momentum is. Collective.
void InteractingMotion::begin_keeping_momentum() {
  const std::size_t species = masses_.species();
  MomentumSums sums(species);
  std::vector<std::int64_t> counts(species);
  const VerletRows rows = verlet_rows();
  add_momentum(rows, verlet_, box_.axes, masses_, {0, static_cast<std::int64_t>(rows_.owned())}, sums);
  for (std::size_t row = 0; row < rows_.owned(); ++row) ++counts[masses_.alike(species_of(row))];
  ranks_.sum(sums.halves());
  ranks_.sum(counts);
  centred_.sums = MomentumSums(species);
  centred_.mass = 0.0;
  for (std::size_t at = 0; at < species; ++at)
    centred_.mass += masses_.mass(at) * static_cast<double>(counts[at]);
  for (std::size_t axis = 0; axis < 3; ++axis)
    centred_.momentum[axis] = verlet_.walls[axis] > 0.0 ? 0.0 : sums.momentum(masses_, axis);
}

/// The step of friction and noise, and what comes before it. Local.
void InteractingMotion::mix_in_centred_bath(int half_kicks) {
  const Stopwatch watch;
  const VerletRows rows = verlet_rows();
  const std::int64_t step = settings_.bath->first_step + step_;
  std::vector<MomentumSums> sums(shares_.size(), MomentumSums(masses_.species()));
  std::vector<Drift> drifts(shares_.size());
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(shares_.size()))
  for (std::size_t share = 0; share < shares_.size(); ++share)
    drifts[share] =
        mix_in_bath(rows, verlet_, *langevin_, masses_, shares_[share], half_kicks, step, ids(), sums[share]);
  centred_.mixed = {};
  for (const Drift& drift : drifts) centred_.mixed.merge(drift);
  for (const MomentumSums& share : sums) centred_.sums.add(share);
  times_.integrate += watch.seconds();
}

/// Adds up the momentum of all ranks. Collective.
void InteractingMotion::sum_in_centred_bath() {
  const Stopwatch watch;
  ranks_.sum(centred_.sums.halves());
  times_.exchange += watch.seconds();
}

/// What comes after it. Local.
Drift InteractingMotion::drift_in_centred_bath() {
  const Stopwatch watch;
  Vec3 too_much{};
  const double unit = verlet_.displacement_magic / rounding_magic;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double units = (centred_.sums.momentum(masses_, axis) - centred_.momentum[axis]) / centred_.mass;
    too_much[axis] = round_to_grid(units * unit, verlet_.displacement_magic);
  }
  const VerletRows rows = verlet_rows();
  std::vector<Drift> drifts(shares_.size());
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(shares_.size()))
  for (std::size_t share = 0; share < shares_.size(); ++share)
    drifts[share] = drift_without(rows, verlet_, box_.axes, too_much, shares_[share]);
  Drift all = centred_.mixed;
  for (const Drift& drift : drifts) all.merge(drift);
  centred_.sums.clear();
  times_.integrate += watch.seconds();
  return all;
}

/// The kinetic energy that a temperature is of: where the bath keeps the momentum, without that of the centre
/// of mass, which it does not warm.
double InteractingMotion::heat(const MotionMeasures& measures) const {
  double energy = measures.kinetic_energy;
  if (!settings_.bath || !settings_.bath->keeps_momentum) return energy;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box_.axes); ++axis)
    if (keeps_momentum(box_.boundary[axis], false, false))
      energy -= 0.5 * measures.momentum[axis] * measures.momentum[axis] / centred_.mass;
  return energy;
}

}  // namespace orrery
