/// Energies, temperature, pressure and momenta of all particles.
#pragma once

#include "comm/communicator.hpp"
#include "simulation/field_forces.hpp"
#include "simulation/motion_integrator.hpp"
#include "simulation/motion_settings.hpp"
#include "simulation/motion_state.hpp"
#include "simulation/pair_engine.hpp"

namespace orrery {

/// At the step that was reached, by the forces that were last computed with their totals. Sums are exact: the
/// same bits on any number of ranks. Collective; the same on all ranks.
MotionMeasures measure(const Communicator& ranks, const MotionState& state, const PairEngine& pairs,
                       const FieldForces& fields, const MotionIntegrator& integrator);

}  // namespace orrery
