#include "simulation/motion_integrator.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/first_failure.hpp"
#include "core/fixed_point.hpp"
#include "particles/degrees_of_freedom.hpp"

namespace orrery {

void MotionIntegrator::set_up(const MotionState& state) {
  if (!bath_) return;
  langevin_ = langevin_constants(state.box.axes, bath_->seed, bath_->temperature, bath_->friction,
                                 state.masses, state.time_step);
  ranks_.push(langevin_->keep);
  ranks_.push(langevin_->noise);
}

void MotionIntegrator::begin(MotionState& state) {
  if (!keeps_momentum()) return;
  const std::size_t species = state.masses.species();
  MomentumSums sums(species);
  std::vector<std::int64_t> counts(species);
  const VerletRows rows = state.verlet_rows();
  add_momentum(rows, state.verlet, state.box.axes, state.masses,
               {0, static_cast<std::int64_t>(state.rows.owned())}, sums);
  for (std::size_t row = 0; row < state.rows.owned(); ++row)
    ++counts[state.masses.alike(state.species_of(row))];
  ranks_.sum(sums.halves());
  ranks_.sum(counts);
  centred_.sums = MomentumSums(species);
  centred_.mass = 0.0;
  for (std::size_t at = 0; at < species; ++at)
    centred_.mass += state.masses.mass(at) * static_cast<double>(counts[at]);
  for (std::size_t axis = 0; axis < 3; ++axis)
    centred_.momentum[axis] = state.verlet.walls[axis] > 0.0 ? 0.0 : sums.momentum(state.masses, axis);
}

void MotionIntegrator::mix(MotionState& state, int half_kicks) {
  const VerletRows rows = state.verlet_rows();
  const std::int64_t step = bath_->first_step + state.step;
  std::vector<MomentumSums> sums(state.shares.size(), MomentumSums(state.masses.species()));
  std::vector<Drift> drifts(state.shares.size());
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(state.shares.size()))
  for (std::size_t share = 0; share < state.shares.size(); ++share)
    drifts[share] = mix_in_bath(rows, state.verlet, *langevin_, state.masses, state.shares[share], half_kicks,
                                step, state.ids(), sums[share]);
  centred_.mixed = {};
  for (const Drift& drift : drifts) centred_.mixed.merge(drift);
  for (const MomentumSums& share : sums) centred_.sums.add(share);
}

Drift MotionIntegrator::move(MotionState& state, int half_kicks) {
  return keeps_momentum() ? drift_in_centred_bath(state) : kick_and_drift_all(state, half_kicks);
}

Drift MotionIntegrator::kick_and_drift_all(MotionState& state, int half_kicks) const {
  const VerletRows rows = state.verlet_rows();
  Drift all;
  FirstFailure failure;
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(state.shares.size()))
  for (std::size_t share = 0; share < state.shares.size(); ++share) {
    Drift drift;
    failure.carry([&] {
      drift = langevin_
                  ? kick_and_drift_in_bath(rows, state.verlet, *langevin_, state.masses, state.shares[share],
                                           half_kicks, bath_->first_step + state.step, state.ids())
                  : kick_and_drift(rows, state.verlet, state.shares[share], half_kicks);
    });
#pragma omp critical(orrery_drift)
    all.merge(drift);
  }
  failure.rethrow();
  return all;
}

/// What comes after `mix`. Local.
Drift MotionIntegrator::drift_in_centred_bath(MotionState& state) {
  Vec3 too_much{};
  const double unit = state.verlet.displacement_magic / rounding_magic;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double units =
        (centred_.sums.momentum(state.masses, axis) - centred_.momentum[axis]) / centred_.mass;
    too_much[axis] = round_to_grid(units * unit, state.verlet.displacement_magic);
  }
  const VerletRows rows = state.verlet_rows();
  std::vector<Drift> drifts(state.shares.size());
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(state.shares.size()))
  for (std::size_t share = 0; share < state.shares.size(); ++share)
    drifts[share] = drift_without(rows, state.verlet, state.box.axes, too_much, state.shares[share]);
  Drift all = centred_.mixed;
  for (const Drift& drift : drifts) all.merge(drift);
  centred_.sums.clear();
  return all;
}

bool MotionIntegrator::kick(MotionState& state) const {
  const VerletRows rows = state.verlet_rows();
  std::vector<int> in_range(state.shares.size(), 1);
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(state.shares.size()))
  for (std::size_t share = 0; share < state.shares.size(); ++share)
    in_range[share] = orrery::kick(rows, state.verlet, state.shares[share]) ? 1 : 0;
  return std::count(in_range.begin(), in_range.end(), 0) == 0;
}

double MotionIntegrator::heat(const MotionState& state, const MotionMeasures& measures) const {
  double energy = measures.kinetic_energy;
  if (!bath_ || !bath_->keeps_momentum) return energy;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(state.box.axes); ++axis)
    if (orrery::keeps_momentum(state.box.boundary[axis], false, false))
      energy -= 0.5 * measures.momentum[axis] * measures.momentum[axis] / centred_.mass;
  return energy;
}

}  // namespace orrery
