#include "integrators/mass_table.hpp"

#include <algorithm>
#include <utility>

namespace orrery {

MassTable::MassTable(std::vector<double> masses, double step, double force_unit)
    : masses_(std::move(masses)) {
  for (const double mass : masses_) {
    half_kicks_.push_back(0.5 * step * step / mass * force_unit);
    const auto first = std::find(half_kicks_.begin(), half_kicks_.end(), half_kicks_.back());
    alike_.push_back(static_cast<std::size_t>(first - half_kicks_.begin()));
  }
}

}  // namespace orrery
