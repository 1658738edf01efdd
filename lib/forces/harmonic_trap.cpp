#include "forces/harmonic_trap.hpp"

#include <cmath>
#include <string>

#include "core/fixed_point.hpp"

namespace orrery {
namespace {

void check_count(const std::string& key, const PerAxis<double>& values, const Box& box) {
  if (values.given == 1 || values.given == box.axes) return;
  throw OptionConflict({key}, key + " has " + std::to_string(values.given) + " numbers, but the box has " +
                                  std::to_string(box.axes) +
                                  " axes; give one number for all axes, or one for each");
}

/// How far a particle is from the centre along one axis.
class FromCentre {
public:
  FromCentre(const HarmonicTrapOptions& options, const Box& box, std::size_t axis)
      : period_(box.boundary[axis] == Boundary::periodic ? box.lengths[axis] : 0.0),
        centre_(options.centre ? options.centre->values[axis] : box.origin[axis] + 0.5 * box.lengths[axis]) {
    // That image of the centre which is in the box.
    if (period_ > 0.0) centre_ = box.origin[axis] + std::fmod(centre_ - box.origin[axis], period_);
  }

  double operator()(double position) const {
    const double distance = position - centre_;
    if (!(period_ > 0.0)) return distance;
    return distance - period_ * round_to_grid(distance / period_, rounding_magic);
  }

private:
  double period_;
  double centre_;
};

}  // namespace

void HarmonicTrap::describe(OptionSet& options) {
  options.add(
      "field.trap-stiffness", options_.stiffness, {.least = 0.0, .most = 1e100}, "none",
      {"force that draws every particle to a centre, for each unit of length from it, along each axis",
       "mass/time^2"});
  options.add("field.trap-centre", options_.centre, {.least = -1e100, .most = 1e100}, "auto",
              {"centre of the trap; auto takes that of the box", "length"});
}

std::vector<std::pair<std::string, std::string>> HarmonicTrap::idle_keys() const {
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (acts_along(axis)) return {};
  return {{"field.trap-centre", "field.trap-stiffness"}};
}

void HarmonicTrap::check(const Box& box) const {
  check_count("field.trap-stiffness", options_.stiffness, box);
  if (options_.centre) check_count("field.trap-centre", *options_.centre, box);
}

void HarmonicTrap::add_accelerations(const Box& box, const ParticleBlock& particles,
                                     const Accelerations& sums) const {
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
    if (!acts_along(axis)) continue;
    const FromCentre from_centre(options_, box, axis);
    const double stiffness = options_.stiffness.values[axis];
    for (std::size_t row = 0; row < sums[axis].size(); ++row)
      sums[axis][row] -= stiffness / particles.mass[row] * from_centre(particles.position[axis][row]);
  }
}

double HarmonicTrap::energy(const Box& box, const Vec3& position, double) const {
  double energy = 0.0;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
    const double distance = FromCentre(options_, box, axis)(position[axis]);
    energy += 0.5 * options_.stiffness.values[axis] * (distance * distance);
  }
  return energy;
}

}  // namespace orrery
