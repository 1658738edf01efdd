/// Settings of runs whose particles act on each other.
#pragma once

#include <cstdint>

#include "core/option_set.hpp"
#include "particles/species_options.hpp"
#include "shortrange/pair_precision.hpp"

namespace orrery {

enum class ThermostatName { none, langevin };
/// What a bath does with the total momentum.
enum class BathMomentum { keep, remove };

struct ThermostatOptions {
  ThermostatName name = ThermostatName::none;
  double temperature = 1.0;  ///< [energy]
  double friction = 1.0;     ///< [1 / time]
  std::uint64_t seed = 1;
  BathMomentum momentum = BathMomentum::keep;

  void describe(OptionSet& options) {
    options.add_choice(
        "thermostat.name", name, {{"none", ThermostatName::none}, {"langevin", ThermostatName::langevin}},
        {"what keeps the temperature: nothing (constant energy), or friction and noise (langevin)"});
    options.add("thermostat.temperature", temperature, {.least = 0.0},
                {"temperature that is kept", "energy"});
    options.add("thermostat.friction", friction, {.least = 0.0, .above = true},
                {"friction; its inverse is the time in which velocities are forgotten", "1/time"});
    options.add_seed("thermostat.seed", seed, {"seed of the noise"});
    options.add_choice(
        "thermostat.momentum", momentum, {{"keep", BathMomentum::keep}, {"remove", BathMomentum::remove}},
        {"total momentum of friction and noise: as it comes, by which the centre of mass wanders "
         "(keep), or none, so that it goes on as it began (remove)"});
  }
};

struct MotionOptions {
  SpeciesOptions species;
  double skin = 0.0;  ///< [length]; 0: a share of the cut-off
  PairPrecision precision = PairPrecision::full;
  bool balance = true;
  ThermostatOptions thermostat;

  void describe(OptionSet& options) {
    species.describe(options);
    options.add(
        "neighbour.skin", skin, {.least = 0.0},
        {"neighbours are listed up to the cut-off and this; a wider skin makes lists that are longer and "
         "last longer. 0 takes 0.12 of the cut-off. The results are the same",
         "length"});
    thermostat.describe(options);
    options.add("domain.balance", balance,
                {"move the borders between ranks where some have more to do. The results are the same"});
  }

  /// Belongs to those of a run.
  void describe_precision(OptionSet& options) {
    options.add_choice("run.precision", precision,
                       {{"double", PairPrecision::full}, {"mixed", PairPrecision::mixed}},
                       {"arithmetic of pairs: all in double, or forces in single precision, which is faster "
                        "and right to about 6 digits (mixed)"});
  }

  /// The skin that is used.
  double skin_for(double cutoff) const {
    constexpr double share = 0.12;
    return skin > 0.0 ? skin : share * cutoff;
  }
};

}  // namespace orrery
