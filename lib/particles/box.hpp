/// The box that particles move in, and the options that give it.
#pragma once

#include <array>
#include <cstdint>

#include "core/option_set.hpp"
#include "core/types.hpp"

namespace orrery {

/// What becomes of particles at the two ends of an axis.
enum class Boundary : std::uint8_t {
  periodic,  ///< who leaves at one end comes in at the other
  reflect,   ///< walls throw particles back
  open,      ///< particles go on
};

/// [0, L) on every axis.
struct Box {
  int axes = 3;    ///< 2 or 3; in the plane z is 0
  Vec3 lengths{};  ///< L of each axis [length]; 0 along z in the plane
  std::array<Boundary, 3> boundary{};

  /// Area in the plane [length^2], volume in space [length^3].
  double volume() const { return axes == 2 ? lengths[0] * lengths[1] : lengths[0] * lengths[1] * lengths[2]; }
};

struct BoxOptions {
  PerAxis<double> lengths = PerAxis<double>::all(0.0);  ///< [length]; all 0: from the lattice
  PerAxis<Boundary> boundary = PerAxis<Boundary>::all(Boundary::periodic);

  void describe(OptionSet& options);

  /// @throws OptionConflict where lengths and boundary are not for the same number of axes
  void validate() const;
};

}  // namespace orrery
