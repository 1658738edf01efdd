/// What the rest of the program knows of a law under which particles act on each other in pairs, up to a
/// cut-off distance.
///
/// The arithmetic is in a second header, `laws/<name>-inl.hpp`, which is compiled once per instruction set.
#pragma once

#include <array>
#include <string_view>

#include "core/option_set.hpp"

namespace orrery {

/// Numbers that are the same for all pairs.
struct PairConstants {
  double cutoff = 0.0;            ///< from here on pairs exert nothing [length]
  std::array<double, 6> value{};  ///< the law's own, in an order that only the law knows
};

class PairLaw {
public:
  PairLaw() = default;
  PairLaw(const PairLaw&) = delete;
  PairLaw& operator=(const PairLaw&) = delete;
  virtual ~PairLaw() = default;

  virtual std::string_view name() const = 0;

  /// Adds the options of the section that is named after the law.
  virtual void describe(OptionSet& options) = 0;

  /// The form of the arithmetic that will run, and its place in the vector code's list.
  virtual std::string_view method() const = 0;
  virtual int method_index() const = 0;

  virtual PairConstants constants() const = 0;

  /// A force that no pair reaches unless something went wrong [mass length / time^2]. Forces are summed as
  /// integers, whose range it sets: a pair beyond it ends the run, sums of 4096 pairs of it still fit.
  virtual double force_bound() const = 0;
};

}  // namespace orrery
