/// `orrery bench pairs`: whole steps of particles that act on each other.
#pragma once

#include <iosfwd>

#include "bench/pairs_options.hpp"
#include "comm/communicator.hpp"

namespace orrery {

/// Measures, prints as it goes, and leaves the file that was asked for. Collective.
/// @param out       for the figures; used on the root
/// @param warnings  for what a user should know; used on the root
/// @throws CollectiveError (output) when the file cannot be written, (usage) when a number of particles is
/// none of the lattice's, both before anything is timed
void bench_pairs(const Communicator& ranks, const PairsOptions& options, std::ostream& out,
                 std::ostream& warnings);

}  // namespace orrery
