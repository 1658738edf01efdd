/// `orrery pi`: the value of pi by chance, as a yardstick for ways to share work.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>

#include "comm/communicator.hpp"
#include "yardsticks/pi_options.hpp"

namespace orrery {

/// What so many random points say of pi.
struct PiEstimate {
  std::int64_t hits = 0;
  std::int64_t samples = 0;

  double value() const;
  double standard_error() const;
};

/// Counts hits over all ranks and threads and prints what came of it. Collective; sets the number of threads.
/// @param stop_requested  asked on the root now and then; true ends the farm
/// @param out       for people; used on the root
/// @param warnings  likewise
/// @return the hits on the root; elsewhere 0
/// @throws CollectiveError  (stopped) when stopped before the end, (simulation_failed) when tasks failed, or
/// as the journal has it
std::int64_t estimate_pi(const Communicator& ranks, const PiOptions& options,
                         const std::function<bool()>& stop_requested, std::ostream& out,
                         std::ostream& warnings);

}  // namespace orrery
