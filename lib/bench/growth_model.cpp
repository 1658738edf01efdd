#include "bench/growth_model.hpp"

#include <cmath>

namespace orrery {

GrowthEstimate estimate(const GrowthCase& growth, const GrowthMachine& machine) {
  constexpr double messages = 26.0, bytes_per_image = 24.0;
  GrowthEstimate found;
  found.particles = growth.particles / growth.ranks;
  const double edge = std::cbrt(found.particles / growth.density);
  found.images = growth.density * (std::pow(edge + 2.0 * growth.reach, 3) - std::pow(edge, 3));
  found.compute = found.particles / (machine.atom_steps_per_second * machine.cores);
  found.halo = messages * machine.latency + found.images * bytes_per_image / machine.bandwidth;
  found.reduction = 2.0 * std::log2(growth.ranks) * machine.latency;
  found.memory = growth.particles * machine.bytes_per_particle;
  return found;
}

}  // namespace orrery
