#include "particles/species_options.hpp"

#include <cmath>
#include <numeric>
#include <string>

#include "core/number_text.hpp"

namespace orrery {

std::vector<double> SpeciesOptions::shares() const {
  return fractions.empty() ? std::vector<double>(mass.size(), 1.0) : fractions;
}

void SpeciesOptions::describe(OptionSet& options) {
  options.add("particles.mass", mass, {.least = 0.0, .above = true}, "",
              {"mass of every particle; or one for each species", "mass"});
  options.add("particles.fractions", fractions, {.least = 0.0, .most = 1.0}, "equal",
              {"shares of the species among particles that do not come from a file; their sum is 1"});
}

void SpeciesOptions::validate() const {
  if (fractions.empty()) return;
  if (fractions.size() != mass.size()) {
    throw OptionConflict({"particles.fractions", "particles.mass"},
                         "of particles.fractions there are " + std::to_string(fractions.size()) +
                             ", of particles.mass " + std::to_string(mass.size()) +
                             " (each species has one of both); give as many of one as of the other");
  }
  // Room for fractions that were written with so many digits, or worked out.
  constexpr double most_off = 1e-9;
  const double sum = std::accumulate(fractions.begin(), fractions.end(), 0.0);
  if (std::abs(sum - 1.0) <= most_off) return;
  throw OptionConflict({"particles.fractions"},
                       "particles.fractions add up to " + to_text(sum) +
                           ", not to 1 (they are shares of all particles); change them, or leave them out "
                           "for equal shares");
}

}  // namespace orrery
