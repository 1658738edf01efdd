/// The machine's limits by name, each in the unit that people know it in.
#pragma once

#include <string>

#include "bench/machine_limits.hpp"

namespace orrery {

struct LimitNames {
  std::string key;    ///< for programs, and in tables
  std::string title;  ///< what an item is
  std::string unit;
  std::string unit_key;
};

const LimitNames& names_of(Limit limit);

/// Nanoseconds per item in the limit's unit: memory is told in GB/s.
double in_unit_of(Limit limit, double ns_per_item);

}  // namespace orrery
