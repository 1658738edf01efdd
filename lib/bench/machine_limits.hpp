/// What this machine can do at most, measured: the limits that kernels are held against.
#pragma once

#include <array>
#include <cstddef>

#include "bench/repeats.hpp"
#include "bench/spread.hpp"
#include "comm/communicator.hpp"

namespace orrery {

enum class Limit {
  divider,       ///< an item is a square root together with a division: the two share a unit
  multiply_add,  ///< an item is one multiply-add
  memory,        ///< an item is one byte, read or written
};
inline constexpr std::array all_limits{Limit::divider, Limit::multiply_add, Limit::memory};

/// Limits of all ranks together, each with a number of threads at work.
struct MachineLimits {
  int threads = 1;  ///< of the rank with most
  std::array<Spread, all_limits.size()> ns_per_item;

  const Spread& operator[](Limit limit) const { return ns_per_item[static_cast<std::size_t>(limit)]; }
  Spread& operator[](Limit limit) { return ns_per_item[static_cast<std::size_t>(limit)]; }

  /// The limit itself [ns per item]. What the machine can do is what it did at best: a disturbance only adds.
  double best(Limit limit) const { return (*this)[limit].least; }
};

/// Times the loops of `machine_loops.hpp` on all ranks at once. Collective.
/// @param threads      of this rank
/// @param array_bytes  each of the three arrays in memory, over all ranks of a node; far more than its caches
///                     hold. Written bytes count once, though most processors read what they will overwrite.
/// @throws CollectiveError when a loop did not come to the numbers that it should
MachineLimits measure_limits(const Communicator& ranks, int threads, const RepeatRules& rules,
                             std::size_t array_bytes);

/// The limit of memory alone, as `measure_limits` has it [ns per byte]. Collective.
Spread measure_memory(const Communicator& ranks, int threads, const RepeatRules& rules,
                      std::size_t array_bytes);

/// Four times the last cache that the system tells of, and 128 MiB at least: what `array_bytes` should be.
std::size_t large_array_bytes();

}  // namespace orrery
