/// The box that particles move in, and the options that give it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/option_set.hpp"
#include "core/types.hpp"
#include "particles/boundary.hpp"

namespace orrery {

/// [origin, origin + L) on every axis.
struct Box {
  int axes = 3;    ///< 2 or 3; in the plane z is 0
  Vec3 lengths{};  ///< L of each axis [length]; 0 along z in the plane
  std::array<Boundary, 3> boundary{};
  Vec3 origin{};  ///< lower corner [length]; 0 along z in the plane

  /// Area in the plane [length^2], volume in space [length^3].
  double volume() const { return axes == 2 ? lengths[0] * lengths[1] : lengths[0] * lengths[1] * lengths[2]; }
};

/// Whose word counts where the configuration and a particle file both tell of the box.
enum class BoxFrom : std::uint8_t {
  automatic,  ///< what the configuration leaves out comes from the file; what both tell has to agree
  file,       ///< the file's
  config,     ///< the configuration's; what the file tells is passed over
};

struct BoxOptions {
  BoxFrom from = BoxFrom::automatic;
  PerAxis<double> lengths = PerAxis<double>::all(0.0);  ///< [length]; all 0: from the lattice or the file
  std::optional<PerAxis<double>> origin;                ///< [length]; nothing: from the file, or 0
  /// Nothing: from the file, or periodic.
  PerAxis<std::optional<Boundary>> boundary = PerAxis<std::optional<Boundary>>::all(std::nullopt);

  void describe(OptionSet& options);

  /// @throws OptionConflict where lengths and boundary are not for the same number of axes
  void validate() const;
};

}  // namespace orrery
