// How a run of particles that move by forces is checked, estimated and made.
#include "shortrange/law_check.hpp"
#include "simulation/dynamics.hpp"
#include "simulation/interacting_evolution.hpp"
#include "simulation/pair_estimate.hpp"

namespace orrery {
namespace {

void check(const SimulationOptions& options) {
  const PairLaw* const law = options.pair_law();
  if (law == nullptr) return;
  check_law(*law);
  if (options.motion.precision == PairPrecision::mixed) check_mixed_law(*law);
}

std::uint64_t bytes(const SimulationOptions& options, const PreparedRun& run) {
  const RunPlan& plan = run.plan;
  const std::uint64_t fields =
      options.fields.acting().empty() ? 0 : bytes_in_fields(plan.particles, plan.ranks);
  const PairLaw* const law = options.pair_law();
  if (law == nullptr) return bytes_without_pairs(plan.particles, plan.ranks) + fields;
  const double cutoff = law->constants().cutoff, reach = cutoff + options.motion.skin_for(cutoff);
  const PairEstimate estimate = estimate_pairs(run.box.value(), reach, plan.particles, plan.ranks,
                                               run.share.threads, options.motion.precision);
  check_pairs(estimate, *law, run.box.value(), reach);
  return estimate.bytes + fields;
}

MotionSettings settings_of(const SimulationOptions& options, const PreparedRun& prepared) {
  const PairLaw* const pairs = options.pair_law();
  const MotionOptions& motion = options.motion;
  const bool is_read = options.particles.source == SourceKind::file;
  MotionSettings settings{.step = prepared.plan.step,
                          .mass = motion.species.mass,
                          .skin = pairs == nullptr ? 0.0 : motion.skin_for(pairs->constants().cutoff),
                          .threads = prepared.share.threads,
                          .precision = pairs == nullptr ? PairPrecision::full : motion.precision,
                          .one_place = is_read ? ExitCode::input_data : ExitCode::simulation_failed,
                          .balance = motion.balance,
                          .counts_images = options.output.images != ImagesInFile::none,
                          .steps = prepared.plan.steps,
                          .fields = options.fields.acting()};
  if (motion.thermostat.name == ThermostatName::langevin) {
    settings.bath = Bath{.temperature = motion.thermostat.temperature,
                         .friction = motion.thermostat.friction,
                         .seed = motion.thermostat.seed,
                         .keeps_momentum = motion.thermostat.momentum == BathMomentum::remove,
                         .first_step = prepared.plan.first_step};
  }
  return settings;
}

std::unique_ptr<Evolution> make(const DynamicsParts& of) {
  return std::make_unique<InteractingEvolution>(
      of.ranks, *of.options.newtonian_law(), of.prepared.box.value(), settings_of(of.options, of.prepared),
      of.options.motion.species, of.particles, of.prepared.plan.particles, of.options.particles,
      of.prepared.source.tells_velocities, of.books);
}

}  // namespace

Dynamics interacting_dynamics() {
  return {
      .moves = [](const SimulationOptions& options) { return options.newtonian_law() != nullptr; },
      .check = check,
      .tells_species = [](const SimulationOptions& options) { return options.motion.species.is_mixture(); },
      .bytes = bytes,
      .make = make};
}

}  // namespace orrery
