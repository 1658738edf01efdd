#include "integrators/verlet.hpp"

#include <algorithm>
#include <cmath>

#include "core/fixed_point.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = 4;

/// The displacement's change by half a step's worth of a force, as a multiple of the grid.
double half_kick(const VerletConstants& constants, std::int64_t force) {
  return round_to_grid(constants.half_kick * static_cast<double>(force), constants.displacement_magic);
}

}  // namespace

Drift kick_and_drift(const VerletRows& rows, const VerletConstants& constants, Range range, int half_kicks) {
  Drift drift;
  const double kicks = half_kicks;
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    double distance2 = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::size_t at = width * row + axis;
      const double change = half_kick(constants, unbiased(rows.force + width * row, axis));
      double u = rows.displacement[at] + kicks * change;
      drift.in_range &=
          std::abs(change) < constants.most_displacement && std::abs(u) < constants.most_displacement;
      double x = rows.position[at] + round_to_grid(u, constants.position_magic);
      const double wall = constants.walls[axis];
      if (wall > 0.0 && (x < 0.0 || x > wall)) {
        x = x < 0.0 ? -x : wall + (wall - x);
        u = -u;
      }
      rows.displacement[at] = u;
      rows.position[at] = x;
      const double moved = x - rows.reference[at];
      distance2 += moved * moved;
    }
    drift.most2 = std::max(drift.most2, distance2);
  }
  return drift;
}

bool kick(const VerletRows& rows, const VerletConstants& constants, Range range) {
  bool in_range = true;
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double& u = rows.displacement[width * row + axis];
      const double change = half_kick(constants, unbiased(rows.force + width * row, axis));
      u += change;
      in_range &= std::abs(change) < constants.most_displacement && std::abs(u) < constants.most_displacement;
    }
  }
  return in_range;
}

}  // namespace orrery
