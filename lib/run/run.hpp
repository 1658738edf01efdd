/// A run from start to end: a simulation, its files, and what is said of it.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "comm/communicator.hpp"
#include "configuration/provenance.hpp"
#include "configuration/simulation_options.hpp"
#include "io/frame_layout.hpp"

namespace orrery {

/// Runs a simulation, or with `run.dry-run` says what it would take. Collective over all ranks, with the same
/// options on each.
/// @param out   for what people read; the root writes there, the other ranks nothing
/// @param warnings  likewise
/// @param meanwhile  called on every rank every millisecond or so while particles move; what it throws ends
/// the run
/// @return step, time and diagnostics of the last frame, on every rank; of a dry run, nothing
/// @throws CollectiveError when anything failed on any rank
FrameHeader simulate(const Communicator& ranks, const SimulationOptions& options,
                     const Provenance& provenance, std::ostream& out, std::ostream& warnings,
                     const std::function<void()>& meanwhile = {});

}  // namespace orrery
