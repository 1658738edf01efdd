#include "simulation/starting_place.hpp"

#include <cmath>
#include <limits>

#include "core/number_text.hpp"

namespace orrery {
namespace {

/// Beyond, a double tells places in the box no finer than single precision would.
constexpr double most_periods = 0x1p30;

/// Of a number in single precision, relative to the number.
constexpr double single_rounding = 0x1p-23;

StartingPlace rounded(double coordinate, const StartingAxis& axis) {
  const double place = round_to_grid(coordinate, rounding_magic * axis.grid.unit());
  return {place, coordinate - place};
}

/// [0, length)
StartingPlace wrapped(double coordinate, const StartingAxis& axis) {
  const bool is_inside = coordinate >= 0.0 && coordinate < axis.length;
  const double remainder = is_inside ? coordinate : std::fmod(coordinate, axis.period);
  StartingPlace place = rounded(remainder, axis);
  if (place.coordinate < 0.0) place.coordinate += axis.length;
  if (place.coordinate >= axis.length) place.coordinate -= axis.length;
  return place;
}

/// The nearest place within limits, if it is no farther away than a rounding.
std::optional<double> put_within(double coordinate, double low, double high) {
  const double allowance = single_rounding * high;
  if (!(coordinate >= low - allowance && coordinate <= high + allowance)) return std::nullopt;
  return std::fmin(std::fmax(coordinate, low), high);
}

}  // namespace

std::optional<StartingPlace> starting_place(double coordinate, const StartingAxis& axis) {
  if (axis.boundary == Boundary::periodic) {
    if (!(std::abs(coordinate) <= most_periods * axis.period)) return std::nullopt;
    return wrapped(coordinate, axis);
  }
  const double last = axis.farthest - axis.grid.unit();
  const auto place = axis.boundary == Boundary::open ? put_within(coordinate, -last, last)
                                                     : put_within(coordinate, 0.0, axis.length);
  if (!place) return std::nullopt;
  return rounded(*place, axis);
}

std::string no_starting_place(double coordinate, const StartingAxis& axis, double origin) {
  if (axis.boundary == Boundary::periodic) {
    const double spacing =
        std::nextafter(std::abs(coordinate), std::numeric_limits<double>::infinity()) - std::abs(coordinate);
    return ", " + to_text(std::round(std::abs(coordinate) / axis.period)) + " periods of " +
           to_text(axis.period) + " away, where double precision tells places no finer than " +
           to_text(spacing) + "; bring it nearer to the box (box.lengths)";
  }
  if (axis.boundary == Boundary::open) {
    return ", outside of the box and of the range of " + to_text(axis.farthest) +
           " that a run in this box may reach; use larger box.lengths";
  }
  std::string text = ", outside of the box of length " + to_text(axis.period);
  if (origin != 0.0) text += " from " + to_text(origin) + " on";
  return text + " (box.lengths)";
}

}  // namespace orrery
