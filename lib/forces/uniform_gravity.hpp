/// Gravity that is the same everywhere.
///
///   F = m g,   U = -m g x
///
/// The energy is counted from the origin of coordinates. Along a periodic axis a particle falls for ever, so
/// that there is no energy of its place: it is counted as 0 there.
#pragma once

#include "forces/force_term.hpp"

namespace orrery {

struct UniformGravityOptions {
  PerAxis<double> gravity = PerAxis<double>::all(0.0);  ///< g [length / time^2]
};

class UniformGravity final : public ForceTerm {
public:
  UniformGravity() = default;
  explicit UniformGravity(const UniformGravityOptions& options) : options_(options) {}

  std::string_view name() const override { return "uniform-gravity"; }
  void describe(OptionSet& options) override;
  bool acts_along(std::size_t axis) const override { return options_.gravity.values[axis] != 0.0; }
  void check(const Box& box) const override;
  bool keeps_energy(const Box& box) const override;
  void add_accelerations(const Box& box, const ParticleBlock& particles,
                         const Accelerations& sums) const override;
  double energy(const Box& box, const Vec3& position, double mass) const override;

private:
  UniformGravityOptions options_;
};

}  // namespace orrery
