/// Discs, or balls, that repel each other where they overlap.
///
///   U(r) = (k / 2) (d - r)^2   for r < d,   force k (d - r) away from each other
///
/// k is the stiffness [force / length], d the diameter [length]. Two at one place exert nothing on each
/// other.
#pragma once

#include "laws/pair_law.hpp"

namespace orrery {

struct SoftDiscOptions {
  double stiffness = 1000.0;
  double diameter = 1.0;

  void describe(OptionSet& options) {
    options.add("soft-disc.stiffness", stiffness, {.least = 0.0, .above = true},
                {"repulsion per overlap", "force/length"});
    options.add("soft-disc.diameter", diameter, {.least = 0.0, .above = true},
                {"distance at which two touch", "length"});
  }
};

class SoftDiscLaw final : public PairLaw {
public:
  SoftDiscLaw() = default;
  explicit SoftDiscLaw(const SoftDiscOptions& options) : options_(options) {}

  std::string_view name() const override { return "soft-disc"; }
  void describe(OptionSet& options) override { options_.describe(options); }
  std::string_view method() const override { return "pairs"; }
  int method_index() const override { return 0; }
  std::string_view cutoff_option() const override { return "diameter"; }
  PairConstants constants() const override {
    return {.cutoff = options_.diameter,
            .value = {options_.stiffness * options_.diameter, options_.stiffness, 0.5 * options_.stiffness,
                      options_.diameter}};
  }
  double force_bound() const override { return 1024.0 * options_.stiffness * options_.diameter; }
  /// That of two at one place.
  double mixed_force_bound() const override { return options_.stiffness * options_.diameter; }

private:
  SoftDiscOptions options_;
};

}  // namespace orrery
