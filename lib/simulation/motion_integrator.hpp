/// The substeps of a step: kicks, drifts, and friction and noise.
#pragma once

#include <cstdint>
#include <optional>

#include "comm/communicator.hpp"
#include "integrators/centred_langevin.hpp"
#include "integrators/langevin.hpp"
#include "integrators/verlet.hpp"
#include "simulation/motion_settings.hpp"
#include "simulation/motion_state.hpp"

namespace orrery {

/// What a bath that keeps the momentum goes by.
struct CentredBath {
  double mass = 0.0;    ///< of all particles
  Vec3 momentum{};      ///< that there is to be, over mass [units of the displacements' grid]
  MomentumSums sums{};  ///< of this step
  Drift mixed{};        ///< of the first half of this step
};

/// Velocity Verlet, or within a bath BAOAB; see `integrators`. A step of the run is
///
///     mix(state, half_kicks); sum();   in a bath that keeps the momentum
///     move(state, half_kicks);
///     forces
///
/// and a run of steps ends with a `kick`.
class MotionIntegrator {
public:
  MotionIntegrator(const Communicator& ranks, const std::optional<Bath>& bath) : ranks_(ranks), bath_(bath) {}

  /// Works out the constants of the bath. Collective.
  void set_up(const MotionState& state);
  /// Finds what the momentum is, where the bath keeps it. Collective.
  void begin(MotionState& state);

  bool has_bath() const { return bath_.has_value(); }
  /// Whether friction and noise take and give momentum.
  bool takes_momentum() const { return bath_ && !bath_->keeps_momentum; }
  /// Whether friction and noise act on velocities relative to the centre of mass.
  bool keeps_momentum() const { return bath_ && bath_->keeps_momentum; }

  /// Where the bath keeps the momentum, what comes before it is known: kicks, half of the drift, and friction
  /// and noise. Local.
  void mix(MotionState& state, int half_kicks);
  /// Adds up the momentum of all ranks. Collective.
  void sum() { ranks_.sum(centred_.sums.halves()); }

  /// Brings particles to the next step, but for its last half kick. Local.
  /// @param half_kicks  with which the step begins
  Drift move(MotionState& state, int half_kicks);

  /// Kicks by half a step's worth of the forces. Local. @return whether all displacements stayed in range
  bool kick(MotionState& state) const;

  /// The kinetic energy that a temperature is of: where the bath keeps the momentum, without that of the
  /// centre of mass, which it does not warm.
  double heat(const MotionState& state, const MotionMeasures& measures) const;

private:
  Drift kick_and_drift_all(MotionState& state, int half_kicks) const;
  Drift drift_in_centred_bath(MotionState& state);

  const Communicator& ranks_;
  std::optional<Bath> bath_;
  std::optional<LangevinConstants> langevin_;
  CentredBath centred_;  ///< where the bath keeps the momentum
};

}  // namespace orrery
