/// How many ways of moving share the thermal energy: the one count that velocities are drawn by, that a
/// temperature is worked out by, and that a bath brings to its temperature.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "particles/box.hpp"

namespace orrery {

/// What becomes of each axis at its ends.
using Boundaries = std::array<Boundary, 3>;

/// Axes of which something holds.
using AxisSet = std::array<bool, 3>;

/// Whether nothing takes or gives momentum along an axis: walls do, and so do a field along it, and a bath,
/// unless it keeps the momentum.
inline bool keeps_momentum(Boundary boundary, bool has_field, bool bath_takes_momentum) {
  return boundary != Boundary::reflect && !has_field && !bath_takes_momentum;
}

/// For each axis one for every particle, less one where the momentum along it stays what it is: the motion of
/// the centre of mass is none of heat then. So d N - d in d axes without walls, fields or bath, d N with
/// walls all round, and one less for each axis without walls in between. A temperature is twice the kinetic
/// energy over this.
/// @param fields  axes along which fields act
inline double degrees_of_freedom(int axes, const Boundaries& boundary, std::int64_t count,
                                 bool bath_takes_momentum, const AxisSet& fields = {}) {
  if (count == 0) return 0.0;
  auto degrees = static_cast<double>(axes) * static_cast<double>(count);
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
    if (keeps_momentum(boundary[axis], fields[axis], bath_takes_momentum)) degrees -= 1.0;
  return degrees;
}

}  // namespace orrery
