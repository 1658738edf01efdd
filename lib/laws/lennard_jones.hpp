/// The potential of Lennard-Jones, cut off.
///
///   U(r) = 4 epsilon ((sigma / r)^12 - (sigma / r)^6)   for r < rc
///
/// Truncation `cut` leaves it at that, `shifted` subtracts U(rc), `force-shifted` also subtracts F(rc) from
/// the force, with the energy that belongs to it: U(r) - U(rc) + (r - rc) F(rc).
#pragma once

#include "laws/pair_law.hpp"

namespace orrery {

enum class LennardJonesTruncation { cut, shifted, force_shifted };

struct LennardJonesOptions {
  double epsilon = 1.0;
  double sigma = 1.0;
  double cutoff = 2.5;
  LennardJonesTruncation truncation = LennardJonesTruncation::cut;

  void describe(OptionSet& options);
};

class LennardJonesLaw final : public PairLaw {
public:
  LennardJonesLaw() = default;
  explicit LennardJonesLaw(const LennardJonesOptions& options) : options_(options) {}

  std::string_view name() const override { return "lennard-jones"; }
  void describe(OptionSet& options) override { options_.describe(options); }
  std::string_view method() const override;
  int method_index() const override;
  PairConstants constants_in(const PairUnits& units) const override;
  /// That of a distance of about 0.58 sigma.
  double force_bound() const override { return 32768.0 * options_.epsilon / options_.sigma; }
  /// That of a distance of about 0.67 sigma.
  double mixed_force_bound() const override { return 8000.0 * options_.epsilon / options_.sigma; }

private:
  LennardJonesOptions options_;
};

}  // namespace orrery
