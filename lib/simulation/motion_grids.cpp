#include "simulation/motion_grids.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "laws/pair_law.hpp"
#include "shortrange/mixed_rows.hpp"

namespace orrery {
namespace {

int exponent_above(double number) {
  int exponent = 0;
  std::frexp(number, &exponent);
  return exponent;  // number < 2^exponent
}

double longest_side(const Box& box) {
  return *std::max_element(box.lengths.begin(), box.lengths.end());
}

/// Whether any side is.
bool is_open(const Box& box) {
  const auto* const end = box.boundary.begin() + box.axes;
  return std::find(box.boundary.begin(), end, Boundary::open) != end;
}

}  // namespace

FixedPoint position_grid(const Box& box) {
  const int room = is_open(box) ? 8 : 2;
  const int bits = FixedPoint::term_bits - room - exponent_above(longest_side(box));
  // Coordinates in the file are counted from 0, not from the box's corner, and have to be exact, too.
  double farthest = 0.0;
  for (const double origin : box.origin) farthest = std::max(farthest, std::abs(origin));
  if (farthest == 0.0) return {bits};
  return {std::min(bits, std::numeric_limits<double>::digits -
                             exponent_above(farthest + std::ldexp(longest_side(box), room)))};
}

FixedPoint mixed_grid(const Box& box) {
  const int room = is_open(box) ? 2 : 0;
  return {mixed_coordinate_bits - room - exponent_above(longest_side(box))};
}

double displacement_bound(const NewtonianLaw& law, const Box& box) {
  if (law.pairs() != nullptr) return law.pairs()->constants().cutoff;
  return *std::min_element(box.lengths.begin(), box.lengths.begin() + box.axes);
}

FixedPoint displacement_grid(double bound) {
  return {FixedPoint::term_bits - exponent_above(bound)};
}

double farthest_coordinate(const Box& box, PairPrecision precision) {
  return precision == PairPrecision::mixed ? std::ldexp(mixed_grid(box).unit(), mixed_coordinate_bits)
                                           : std::ldexp(position_grid(box).unit(), FixedPoint::term_bits);
}

double blur(const Box& box, double cutoff, PairPrecision precision) {
  // Either position is off by half a unit along each axis, and the square by some roundings.
  constexpr double roundings = 0x1p-20;
  return precision == PairPrecision::mixed ? 2.0 * mixed_grid(box).unit() + roundings * cutoff : 0.0;
}

Box box_in_use(const Box& box, PairPrecision precision) {
  const FixedPoint grid =
      precision == PairPrecision::mixed ? FixedPoint{mixed_grid(box).bits - 1} : position_grid(box);
  Box rounded = box;
  for (double& length : rounded.lengths) length = std::round(length * grid.scale()) * grid.unit();
  const FixedPoint positions = position_grid(box);
  for (double& origin : rounded.origin) origin = std::round(origin * positions.scale()) * positions.unit();
  return rounded;
}

}  // namespace orrery
