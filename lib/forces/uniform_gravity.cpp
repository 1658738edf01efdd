#include "forces/uniform_gravity.hpp"

#include <string>

namespace orrery {

void UniformGravity::describe(OptionSet& options) {
  options.add("field.gravity", options_.gravity, {.least = -1e100, .most = 1e100}, "none",
              {"acceleration of every particle, one number for each axis of the box", "length/time^2"});
}

void UniformGravity::check(const Box& box) const {
  // A number for all axes would be gravity along the diagonal of the box: a mistake more likely than a wish.
  const bool is_none = options_.gravity == PerAxis<double>::all(0.0);
  if (is_none || options_.gravity.given == box.axes) return;
  throw OptionConflict({"field.gravity"}, "field.gravity has " + std::to_string(options_.gravity.given) +
                                              (options_.gravity.given == 1 ? " number" : " numbers") +
                                              ", but the box has " + std::to_string(box.axes) +
                                              " axes; give one number for each axis");
}

bool UniformGravity::keeps_energy(const Box& box) const {
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis)
    if (acts_along(axis) && box.boundary[axis] == Boundary::periodic) return false;
  return true;
}

void UniformGravity::add_accelerations(const Box& box, const ParticleBlock&,
                                       const Accelerations& sums) const {
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
    const double g = options_.gravity.values[axis];
    for (double& sum : sums[axis]) sum += g;
  }
}

double UniformGravity::energy(const Box& box, const Vec3& position, double mass) const {
  double along = 0.0;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis)
    if (box.boundary[axis] != Boundary::periodic) along += options_.gravity.values[axis] * position[axis];
  return -mass * along;
}

}  // namespace orrery
