/// Settings of runs whose particles act on each other.
#pragma once

#include "core/option_set.hpp"

namespace orrery {

struct MotionOptions {
  double mass = 1.0;  ///< of every particle [mass]
  double skin = 0.0;  ///< [length]; 0: a share of the cut-off
  bool balance = true;

  void describe(OptionSet& options) {
    options.add("particles.mass", mass, {.least = 0.0, .above = true}, {"mass of every particle", "mass"});
    options.add(
        "neighbour.skin", skin, {.least = 0.0},
        {"neighbours are listed up to the cut-off and this; a wider skin makes lists that are longer and "
         "last longer. 0 takes 0.12 of the cut-off. The results are the same",
         "length"});
    options.add("domain.balance", balance,
                {"move the borders between ranks where some have more to do. The results are the same"});
  }

  /// The skin that is used.
  double skin_for(double cutoff) const {
    constexpr double share = 0.12;
    return skin > 0.0 ? skin : share * cutoff;
  }
};

}  // namespace orrery
