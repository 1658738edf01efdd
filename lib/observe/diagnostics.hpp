/// Numbers about all particles, the same bits on any number of ranks and threads.
#pragma once

#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "integrators/independent_motion.hpp"
#include "laws/law.hpp"

namespace orrery {

/// Combines every rank's totals into the law's diagnostics. Collective.
/// @param particle_count  particles on all ranks
/// @return shape (diagnostics), on every rank; 0 for each where there are no particles
std::vector<double> diagnostics_of(const IndependentLaw& law, std::span<const QuantityTotals> totals,
                                   std::int64_t particle_count, const Communicator& ranks);

}  // namespace orrery
