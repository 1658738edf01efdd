/// Discs, or balls, that repel each other where they overlap.
///
///   U(r) = (k / 2) (d - r)^2   for r < d,   force k (d - r) away from each other
///
/// k is the stiffness [force / length], d the diameter [length]. Two at one place exert nothing on each
/// other. With damping, a dashpot acts beside the spring while two overlap, -gamma (dr/dt) along the line of
/// centres, gamma being the damping [force / velocity]. It also pulls on discs that part quickly.
///
/// Source: P. A. Cundall, O. D. L. Strack, Geotechnique 29 (1979) 47, normal forces alone.
#pragma once

#include "laws/pair_law.hpp"

namespace orrery {

struct SoftDiscOptions {
  double stiffness = 1000.0;
  double diameter = 1.0;
  double damping = 0.0;

  void describe(OptionSet& options) {
    options.add("soft-disc.stiffness", stiffness, {.least = 1e-100, .most = 1e100},
                {"repulsion per overlap", "force/length"});
    options.add("soft-disc.diameter", diameter, {.least = 1e-100, .most = 1e100},
                {"distance at which two touch", "length"});
    options.add(
        "soft-disc.damping", damping, {.least = 0.0},
        {"drag per velocity at which two that overlap meet or part; 0 keeps their energy", "force/velocity"});
  }
};

class SoftDiscLaw final : public PairLaw {
public:
  SoftDiscLaw() = default;
  explicit SoftDiscLaw(const SoftDiscOptions& options) : options_(options) {}

  std::string_view name() const override { return "soft-disc"; }
  void describe(OptionSet& options) override { options_.describe(options); }
  std::string_view method() const override { return is_damped() ? "damped" : "pairs"; }
  int method_index() const override { return is_damped() ? 1 : 0; }
  std::string_view cutoff_option() const override { return "diameter"; }
  PairConstants constants_in(const PairUnits& units) const override {
    const double stiffness = units.stiffness(options_.stiffness), diameter = units.length(options_.diameter);
    return {
        .cutoff = diameter,
        .value = {stiffness * diameter, stiffness, 0.5 * stiffness, diameter, units.force(options_.damping)}};
  }
  /// Leaves room for drag: unless damping is hundreds of times the critical one, it is no more than a few
  /// times the force of a spring that stops the same discs.
  double force_bound() const override { return 1024.0 * options_.stiffness * options_.diameter; }
  /// That of two at one place, or where there is drag, many times that.
  double mixed_force_bound() const override {
    return (is_damped() ? 64.0 : 1.0) * options_.stiffness * options_.diameter;
  }

private:
  bool is_damped() const { return options_.damping > 0.0; }

  SoftDiscOptions options_;
};

}  // namespace orrery
