/// Timing of one piece of work, again and again, on all ranks at once.
#pragma once

#include <cstdint>
#include <functional>

#include "bench/spread.hpp"
#include "comm/communicator.hpp"

namespace orrery {

struct RepeatRules {
  int repeats = 5;
  double least_seconds = 0.05;  ///< a repeat lasts at least so long, so that the clock's grain does not show
  double most_seconds = 0.5;    ///< and about this at most, where the work can be cut
};

/// Does one piece of work some number of times. Local; the same on every rank.
using Work = std::function<void(std::int64_t calls)>;

/// Works without looking, a tenth of a repeat at least, so that caches, clocks and threads settle.
/// Collective.
/// @return seconds that one call takes: the shortest seen, of the rank that took longest
double warm_up(const Communicator& ranks, const RepeatRules& rules, const Work& work);

/// Calls that make a repeat last long enough. @pre seconds_per_call > 0
std::int64_t calls_per_repeat(double seconds_per_call, const RepeatRules& rules);

/// Seconds per call over all repeats. Ranks begin a repeat together; the longest time of any rank counts.
/// Collective.
Spread seconds_per_call(const Communicator& ranks, const RepeatRules& rules, std::int64_t calls,
                        const Work& work);

}  // namespace orrery
