#include "simulation/rest_rule.hpp"

#include <algorithm>
#include <cmath>

#include "core/number_text.hpp"

namespace orrery {
namespace {

/// How many times finer than displacements their rests are, in bits.
constexpr int finer_bits = 24;

/// Bits that a rest of a position has at most: sums of three of them fit a double.
constexpr int most_rest_bits = 49;

/// The share of a displacement or kick that its rounding may come to, which is up to half a unit.
constexpr double share_of_most = 0x1p-20;   // root mean square
constexpr double share_of_least = 0x1p-11;  // of the slowest particle
constexpr double share_of_kick = 0x1p-14;
constexpr double share_of_field_kick = 0x1p-24;
/// The share of the cut-off, or of the box, that all roundings of a run may add up to.
constexpr double share_of_scale = 0x1p-14;

bool is_too_coarse(double unit, double size, double share) {
  return 0.5 * unit > share * size;
}

double mean_root(double squares, double count) {
  return std::sqrt(squares / count);
}

}  // namespace

FixedPoint MotionGrids::rest() const {
  return {std::min(displacement.bits + finer_bits, position.bits + most_rest_bits)};
}

bool needs_rests(const StartingMotion& start, const MotionGrids& grids, std::int64_t steps) {
  if (steps <= 0) return false;
  const auto count = static_cast<double>(steps);
  const double unit = grids.position.unit();
  if (0.5 * unit * count > share_of_scale * grids.scale) return true;
  if (start.moving > 0.0) {
    if (is_too_coarse(unit, mean_root(start.displacement2, start.moving), share_of_most)) return true;
    if (is_too_coarse(unit, start.least_displacement, share_of_least)) return true;
  }
  if (start.thermal_displacement > 0.0 && is_too_coarse(unit, start.thermal_displacement, share_of_most))
    return true;
  // What moves by less than a unit in the whole run does not show.
  const auto shows = [&](double kick) { return count * count * kick >= unit; };
  if (start.resting > 0.0 && !(start.thermal_displacement > 0.0)) {
    const double kick = mean_root(start.resting_kick2, start.resting);
    if (shows(kick) && is_too_coarse(unit, 2.0 * count * kick, share_of_most)) return true;
  }
  if (start.pushed > 0.0) {
    const double kick = mean_root(start.kick2, start.pushed);
    if (shows(kick) && is_too_coarse(grids.displacement.unit(), kick, share_of_kick)) return true;
  }
  if (start.in_field > 0.0) {
    const double kick = mean_root(start.field_kick2, start.in_field);
    if (shows(kick) && is_too_coarse(grids.displacement.unit(), kick, share_of_field_kick)) return true;
  }
  return false;
}

std::string beyond_rests(const StartingMotion& start, const MotionGrids& grids) {
  const FixedPoint rest = grids.rest();
  if (rest.bits < grids.displacement.bits) {
    return "positions are multiples of " + to_text(grids.position.unit()) + " and displacements of " +
           to_text(grids.displacement.unit()) +
           ", so far apart that no double holds the difference; use a smaller box (box.lengths), or a larger "
           "cut-off";
  }
  if (start.moving > 0.0 && is_too_coarse(rest.unit(), start.least_displacement, share_of_least)) {
    return "the slowest particle moves by " + to_text(start.least_displacement) +
           " in a step, but displacements are multiples of " + to_text(rest.unit()) +
           "; use a larger time.step, or let it begin at rest";
  }
  return "";
}

}  // namespace orrery
