/// What the rest of the program knows of a law under which particles act on each other in pairs, up to a
/// cut-off distance.
///
/// The arithmetic is in a second header, `laws/<name>-inl.hpp`, which is compiled once per instruction set.
#pragma once

#include <array>

#include "laws/newtonian_law.hpp"

namespace orrery {

/// Units that a law's constants are wanted in: loops over pairs have their own where that spares operations.
/// Velocities keep theirs, so that a force per velocity is converted like a force.
struct PairUnits {
  double length_unit = 1.0;  ///< [length]
  double force_unit = 1.0;   ///< [mass length / time^2]

  double length(double value) const { return value / length_unit; }
  double force(double value) const { return value / force_unit; }
  double energy(double value) const { return value / (force_unit * length_unit); }
  /// Of a force per length.
  double stiffness(double value) const { return value * length_unit / force_unit; }
};

/// Numbers that are the same for all pairs.
struct PairConstants {
  double cutoff = 0.0;            ///< from here on pairs exert nothing [length]
  std::array<double, 6> value{};  ///< the law's own, in an order that only the law knows
};

class PairLaw : public NewtonianLaw {
public:
  const PairLaw* pairs() const override { return this; }

  /// What the option that sets the cut-off is called, in the law's section.
  virtual std::string_view cutoff_option() const { return "cutoff"; }

  /// @param units  powers of two, so that converting rounds nothing
  virtual PairConstants constants_in(const PairUnits& units) const = 0;
  PairConstants constants() const { return constants_in({}); }

  /// A force that no pair reaches unless something went wrong [mass length / time^2]. Forces are summed as
  /// integers, whose range it sets: a pair beyond it ends the run, sums of 4096 pairs of it still fit.
  virtual double force_bound() const = 0;

  /// The same for pairs in single precision, whose forces are summed in fewer bits: the tighter it is, the
  /// more exact they are, to 2^-28 of it.
  virtual double mixed_force_bound() const { return force_bound(); }
};

}  // namespace orrery
