#include "simulation/dynamics.hpp"

#include <algorithm>
#include <array>

#include "core/error.hpp"

namespace orrery {

const Dynamics& dynamics_of(const SimulationOptions& options) {
  static const std::array all{independent_dynamics(), interacting_dynamics()};
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& kind) { return kind.moves(options); });
  ensure(found != all.end(), "every law is moved by some kind of motion");
  return *found;
}

}  // namespace orrery
