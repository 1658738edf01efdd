/// `orrery bench rotation`: every form of the rotation, held against the machine's limits and a book's
/// figures.
#pragma once

#include <iosfwd>

#include "bench/bench_options.hpp"
#include "comm/communicator.hpp"

namespace orrery {

/// Measures, prints as it goes, and leaves the file that was asked for. Collective; sets the number of
/// threads.
/// @param out       for the figures; used on the root
/// @param warnings  for what a user should know; used on the root
/// @throws CollectiveError (output) when the file cannot be written, before anything is timed
void bench_rotation(const Communicator& ranks, const BenchOptions& options, std::ostream& out,
                    std::ostream& warnings);

}  // namespace orrery
