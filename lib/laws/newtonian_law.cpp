#include "laws/newtonian_law.hpp"

#include <array>

namespace orrery {

std::span<const ParameterColumn> NewtonianLaw::parameters() const {
  static const std::array<ParameterColumn, 3> columns{{
      {"vx", "velocity", "velocity along x [length/time]", 0},
      {"vy", "velocity", "velocity along y [length/time]", 1},
      {"vz", "velocity", "velocity along z [length/time]", 2},
  }};
  return columns;
}

std::span<const Diagnostic> NewtonianLaw::diagnostics() const {
  static const std::array<Diagnostic, newtonian_diagnostic_count> diagnostics{{
      {"kinetic_energy", "kinetic"},
      {"potential_energy", "potential"},
      {"total_energy", "total energy"},
      {"temperature", "temperature"},
      {"pressure", "pressure"},
      {"momentum", "momentum"},
      {"angular_momentum", "angular mom."},
  }};
  return diagnostics;
}

}  // namespace orrery
