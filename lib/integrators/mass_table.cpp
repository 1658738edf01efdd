#include "integrators/mass_table.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace orrery {

MassTable::MassTable(std::vector<double> masses, double step, double force_unit)
    : masses_(std::move(masses)) {
  for (const double mass : masses_) {
    half_kicks_.push_back(0.5 * step * step / mass * force_unit);
    by_half_kick_.emplace_back(half_kicks_.back(), half_kicks_.size() - 1);
  }
  std::sort(by_half_kick_.begin(), by_half_kick_.end());
}

std::size_t MassTable::first_with(double half_kick) const {
  const auto found = std::lower_bound(by_half_kick_.begin(), by_half_kick_.end(), half_kick,
                                      [](const auto& entry, double wanted) { return entry.first < wanted; });
  ensure(found != by_half_kick_.end() && found->first == half_kick, "a half kick is that of a species");
  return found->second;
}

}  // namespace orrery
