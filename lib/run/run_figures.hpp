/// What a run did and took, over all ranks.
#pragma once

#include <cstdint>

#include "io/trajectory_file.hpp"
#include "observe/bookkeeping.hpp"
#include "observe/energy_drift.hpp"
#include "observe/run_report.hpp"
#include "simulation/simulation.hpp"

namespace orrery {

/// Where the time went so far. Collective; complete on the root.
/// @param write_seconds  that the writer took on this rank
RunTiming timing_of(Bookkeeping& books, const Communicator& ranks, double write_seconds, double wall_seconds);

/// Collective; complete on the root.
RunReport report_of(const Simulation& simulation, const Bookkeeping& books, double wall_seconds);

}  // namespace orrery
