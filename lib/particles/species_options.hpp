/// Of what species particles are, for laws by which they act on each other.
#pragma once

#include <cstdint>
#include <vector>

#include "core/option_set.hpp"

namespace orrery {

struct SpeciesOptions {
  std::vector<double> mass{1.0};    ///< of each species [mass]
  std::vector<double> fractions{};  ///< shares of the particles that a generator makes; none: equal ones

  bool is_mixture() const { return mass.size() > 1; }
  /// A share for each species.
  std::vector<double> shares() const;

  void describe(OptionSet& options);

  /// @throws OptionConflict
  void validate() const;
};

}  // namespace orrery
