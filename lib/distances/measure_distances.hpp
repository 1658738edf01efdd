/// `orrery distances` from start to end.
#pragma once

#include <iosfwd>

#include "comm/communicator.hpp"
#include "distances/distance_options.hpp"

namespace orrery {

/// Reads the points on the root, and does one task after the other. Whatever can be found wrong is told
/// before the first begins. Collective; only the root reads and prints.
/// @throws CollectiveError (usage, input_data, output, internal)
void measure_distances(const Communicator& ranks, const DistanceOptions& options, std::ostream& out,
                       std::ostream& warnings);

}  // namespace orrery
