/// What becomes of particles at the ends of an axis.
#pragma once

#include <cstdint>
#include <string>

namespace orrery {

/// What becomes of particles at the two ends of an axis.
enum class Boundary : std::uint8_t {
  periodic,  ///< a particle that leaves at one end comes in at the other
  reflect,   ///< walls throw particles back
  open,      ///< particles go on
};

/// "periodic", "reflect" or "open".
std::string name_of(Boundary boundary);

}  // namespace orrery
