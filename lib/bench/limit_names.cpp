#include "bench/limit_names.hpp"

#include <array>

namespace orrery {

const LimitNames& names_of(Limit limit) {
  static const std::array<LimitNames, all_limits.size()> names{{
      {"divider", "square root and division", "ns", "ns"},
      {"multiply_add", "multiply-add", "ns", "ns"},
      {"memory", "memory, read and written", "GB/s", "gb_per_s"},
  }};
  return names[static_cast<std::size_t>(limit)];
}

double in_unit_of(Limit limit, double ns_per_item) {
  // One byte per nanosecond is one GB/s.
  return limit == Limit::memory ? 1.0 / ns_per_item : ns_per_item;
}

}  // namespace orrery
