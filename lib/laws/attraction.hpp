/// Attraction within a distance: finite at contact, smooth at the cut-off.
///
///   U(r) = -(s rc / 2) (1 - r / rc)^2   for r < rc,   force s (1 - r / rc) towards each other
///
/// s is the strength [force], rc the cut-off [length]. Two particles at one place exert nothing on each
/// other.
#pragma once

#include "laws/pair_law.hpp"

namespace orrery {

struct AttractionOptions {
  double strength = 1.0;
  double cutoff = 1.0;

  void describe(OptionSet& options) {
    options.add("attraction.strength", strength, {.least = -1e100, .most = 1e100},
                {"force at contact; below 0 it repels", "force"});
    options.add("attraction.cutoff", cutoff, {.least = 1e-100, .most = 1e100},
                {"distance up to which particles attract each other", "length"});
  }
};

class AttractionLaw final : public PairLaw {
public:
  AttractionLaw() = default;
  explicit AttractionLaw(const AttractionOptions& options) : options_(options) {}

  std::string_view name() const override { return "attraction"; }
  void describe(OptionSet& options) override { options_.describe(options); }
  std::string_view method() const override { return "pairs"; }
  int method_index() const override { return 0; }
  PairConstants constants_in(const PairUnits& units) const override {
    const double strength = units.force(options_.strength), cutoff = units.length(options_.cutoff);
    return {.cutoff = cutoff, .value = {strength, strength / cutoff}};
  }
  /// Far above any pair's: in a cloud that has collapsed, thousands act on each particle.
  double force_bound() const override;
  /// That of two at one place.
  double mixed_force_bound() const override;

private:
  AttractionOptions options_;
};

}  // namespace orrery
