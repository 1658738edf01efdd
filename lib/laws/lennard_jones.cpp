#include "laws/lennard_jones.hpp"

namespace orrery {

void LennardJonesOptions::describe(OptionSet& options) {
  options.add("lennard-jones.epsilon", epsilon, {.least = 1e-100, .most = 1e100},
              {"depth of the well", "energy"});
  options.add("lennard-jones.sigma", sigma, {.least = 1e-100, .most = 1e100},
              {"distance at which the potential is 0", "length"});
  options.add("lennard-jones.cutoff", cutoff, {.least = 1e-100, .most = 1e100},
              {"distance from which on particles exert nothing on each other", "length"});
  options.add_choice("lennard-jones.truncation", truncation,
                     {{"cut", LennardJonesTruncation::cut},
                      {"shifted", LennardJonesTruncation::shifted},
                      {"force-shifted", LennardJonesTruncation::force_shifted}},
                     {"at the cut-off: the plain potential (cut), less its value there (shifted), or less "
                      "value and force (force-shifted)"});
}

std::string_view LennardJonesLaw::method() const {
  switch (options_.truncation) {
    case LennardJonesTruncation::cut:
      return "cut";
    case LennardJonesTruncation::shifted:
      return "shifted";
    case LennardJonesTruncation::force_shifted:
      return "force-shifted";
  }
  return "";
}

int LennardJonesLaw::method_index() const {
  return options_.truncation == LennardJonesTruncation::force_shifted ? 1 : 0;
}

PairConstants LennardJonesLaw::constants_in(const PairUnits& units) const {
  const double epsilon = units.energy(options_.epsilon), sigma = units.length(options_.sigma);
  const double cutoff = units.length(options_.cutoff);
  const double square = sigma / cutoff * (sigma / cutoff);
  const double sixth = square * square * square;
  const double energy_there = 4.0 * epsilon * sixth * (sixth - 1.0);
  const double force_there = 24.0 * epsilon * sixth * (2.0 * sixth - 1.0) / cutoff;
  const bool is_cut = options_.truncation == LennardJonesTruncation::cut;
  const bool is_force_shifted = options_.truncation == LennardJonesTruncation::force_shifted;
  return {.cutoff = cutoff,
          .value = {sigma * sigma, 24.0 * epsilon / (sigma * sigma), 4.0 * epsilon,
                    is_cut ? 0.0 : energy_there, is_force_shifted ? force_there : 0.0}};
}

}  // namespace orrery
