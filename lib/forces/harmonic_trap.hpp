/// A trap: a spring along each axis from every particle to one centre.
///
///   F = -k (x - c),   U = k (x - c)^2 / 2     along each axis
///
/// Along a periodic axis x - c is that of the nearest image, so that the force turns round half a box away
/// from the centre, where the energy has a crest.
#pragma once

#include <optional>

#include "forces/force_term.hpp"

namespace orrery {

struct HarmonicTrapOptions {
  PerAxis<double> stiffness = PerAxis<double>::all(0.0);  ///< k [mass / time^2]
  std::optional<PerAxis<double>> centre{};                ///< c [length]; nothing: the box's centre
};

class HarmonicTrap final : public ForceTerm {
public:
  HarmonicTrap() = default;
  explicit HarmonicTrap(const HarmonicTrapOptions& options) : options_(options) {}

  std::string_view name() const override { return "harmonic-trap"; }
  void describe(OptionSet& options) override;
  std::vector<std::pair<std::string, std::string>> idle_keys() const override;
  bool acts_along(std::size_t axis) const override { return options_.stiffness.values[axis] != 0.0; }
  void check(const Box& box) const override;
  bool keeps_energy(const Box&) const override { return true; }
  void add_accelerations(const Box& box, const ParticleBlock& particles,
                         const Accelerations& sums) const override;
  double energy(const Box& box, const Vec3& position, double mass) const override;

private:
  HarmonicTrapOptions options_;
};

}  // namespace orrery
