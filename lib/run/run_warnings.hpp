/// What a user is warned of, each a line on the standard error.
#pragma once

#include <iosfwd>
#include <string>

#include "observe/energy_drift.hpp"
#include "run/run_needs.hpp"

namespace orrery {

/// Before the run, on the root.
void warn(const RunNeeds& needs, const Simulation& simulation, std::ostream& out);

/// After it: where the energy drifted too far.
void warn_of_drift(const EnergyDrift& drift, const SimulationOptions& options, std::ostream& out);

/// What a dry run says that does not try everything.
std::string memory_left_out(const RunNeeds& needs);

}  // namespace orrery
