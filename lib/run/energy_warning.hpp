/// What a run says when its energy drifted too far.
#pragma once

#include <string>

#include "laws/pair_law.hpp"
#include "observe/energy_drift.hpp"

namespace orrery {

/// A sentence with a remedy; empty where the drift is that of a step which is short enough.
/// @param law  null: particles do not act on each other
std::string energy_warning(const EnergyDrift& drift, const PairLaw* law);

}  // namespace orrery
