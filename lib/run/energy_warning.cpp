#include "run/energy_warning.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "shortrange/pair_probe.hpp"

namespace orrery {
namespace {

std::string short_text(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2g", number);
  return text.data();
}

/// By how much the energy of a pair jumps at the cut-off.
double jump_at_cutoff(const PairLaw& law) {
  return PairProbe(law).energy(law.constants().cutoff * (1.0 - 0x1p-30));
}

}  // namespace

std::string energy_warning(const EnergyDrift& drift, const PairLaw* law) {
  if (!drift.is_too_much()) return "";
  std::string text = std::string("the total energy ") + (drift.per_particle < 0.0 ? "fell" : "rose") +
                     " by " + short_text(std::abs(drift.per_particle)) + " per particle, " +
                     short_text(100.0 * std::abs(drift.relative)) +
                     " % of the kinetic energy, and was to stay; ";
  // Where it jumps, some pairs more or less of each particle within the cut-off do that.
  constexpr double pairs_of_a_particle = 3.0;
  const double jump = law == nullptr ? 0.0 : std::abs(jump_at_cutoff(*law));
  const bool may_be_jumps = pairs_of_a_particle * jump > std::abs(drift.per_particle);
  if (may_be_jumps)
    text +=
        "take a potential that does not jump at the cut-off (this one does by " + short_text(jump) + "), or ";
  return text + "use a shorter time.step (its error falls as the square of the step)";
}

}  // namespace orrery
