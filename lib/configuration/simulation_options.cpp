#include "configuration/simulation_options.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <utility>

#include "core/instruction_set.hpp"
#include "core/number_text.hpp"

namespace orrery {
namespace {

constexpr std::uint64_t most_steps_given = 10'000'000'000'000;

/// What a file has to tell of every particle where there are several masses.
ParameterColumn species_column(const SpeciesOptions& species) {
  const std::string count = std::to_string(species.mass.size());
  return {.name = "species",
          .dataset = "species",
          .description = "species",
          .values = static_cast<std::int32_t>(species.mass.size()),
          .need = "particles.mass has " + count + " masses, one for each species"};
}

}  // namespace

void TimeOptions::describe(OptionSet& options) {
  options.add("time.step", step, {.least = 0.0, .above = true}, {"time step", "time"});
  options.add("time.end", end, {.least = 0.0}, {"end of the run; a whole number of steps from 0", "time"});
  options.add("time.steps", steps, 0, most_steps_given,
              {"steps of the run, instead of time.end; 0 goes by time.end"});
}

double TimeOptions::last_time() const {
  return steps > 0 ? static_cast<double>(steps) * step : end;
}

std::int64_t TimeOptions::step_count() const {
  if (steps > 0) return static_cast<std::int64_t>(steps);
  // Both numbers were rounded to double, by up to 2^-53 of their size each, and so is the quotient.
  constexpr double roundings = 4.0;
  constexpr double most_steps = 1e13;  // beyond, rounding alone could hide a tenth of a step
  const double quotient = end / step;
  if (!(quotient <= most_steps)) {
    throw OptionConflict({"time.end", "time.step"}, "time.end " + to_text(end) +
                                                        " is more than 1e13 steps of time.step " +
                                                        to_text(step) + "; take larger steps");
  }
  const double nearest = std::round(quotient);
  if (std::abs(quotient - nearest) > roundings * std::numeric_limits<double>::epsilon() / 2 * quotient) {
    const double below = std::floor(quotient) * step;
    const double above = std::ceil(quotient) * step;
    throw OptionConflict({"time.end", "time.step"},
                         "time.end " + to_text(end) + " is not a whole number of steps of time.step " +
                             to_text(step) + " (it is " + to_text(quotient) + " steps); use time.end " +
                             to_text(below) + " or " + to_text(above));
  }
  return static_cast<std::int64_t>(nearest);
}

void RunOptions::describe(OptionSet& options) {
  options.add("run.threads", threads, 0, 4096,
              {"threads per rank; 0 shares the node's processors among its ranks"});
  options.add_choice(
      "run.progress", progress,
      {{"auto", ProgressChoice::automatic}, {"on", ProgressChoice::on}, {"off", ProgressChoice::off}},
      {"progress and diagnostics while running: a bar on a terminal; elsewhere lines, which auto leaves out "
       "of "
       "short runs and on does not; off is neither"});
  options.add_file("run.log", log, FileUse::written, {"file for the same facts as JSON lines"});
  options.add_file("run.profile", profile, FileUse::written,
                   {"file for a timeline of what every thread does, for Perfetto or chrome://tracing"});
  options.add("run.quiet", quiet, {"print nothing but warnings and errors"});
  options.add("run.dry-run", dry_run,
              {"print the resolved configuration and what the run will take, and do nothing"});
  std::vector<std::pair<std::string, std::string>> sets{{"auto", "auto"}};
  for (const auto& name : available_instruction_sets()) sets.emplace_back(name, name);
  options.add_choice("run.instruction-set", instruction_set, sets,
                     {"vector instructions to use: auto, or a name that this processor has"});
}

SimulationOptions::SimulationOptions() {
  for (const auto& entry : laws_) {
    for (const auto& column : entry.law->parameters()) {
      const bool is_known = std::any_of(particles.ranges.begin(), particles.ranges.end(),
                                        [&column](const auto& range) { return range.name == column.name; });
      if (!is_known) particles.ranges.push_back({.name = column.name, .description = column.description});
    }
  }
}

void SimulationOptions::describe(OptionSet& options) {
  std::vector<std::pair<std::string, std::size_t>> names;
  for (std::size_t index = 0; index < laws_.size(); ++index)
    names.emplace_back(laws_[index].law->name(), index);
  options.add_choice("law.name", law_, names,
                     {"law of motion; under none, only fields, walls and a bath act on particles"});
  for (const auto& entry : laws_) entry.law->describe(options);
  particles.describe(options);
  time.describe(options);
  box.describe(options);
  motion.describe(options);
  fields.describe(options);
  output.describe(options);
  run.describe(options);
  motion.describe_precision(options);
}

std::vector<Diagnostic> SimulationOptions::diagnostics() const {
  const auto of_law = law().diagnostics();
  std::vector<Diagnostic> all(of_law.begin(), of_law.end());
  if (newtonian_law() != nullptr && !fields.acting().empty())
    all.push_back({field_energy_name, "field energy"});
  return all;
}

std::vector<std::string> SimulationOptions::law_names() const {
  std::vector<std::string> names;
  for (const auto& entry : laws_) names.emplace_back(entry.law->name());
  return names;
}

std::optional<Box> SimulationOptions::particle_box(const StoredBox* stored) const {
  if (newtonian_law() == nullptr) return std::nullopt;
  return box_of(particles, box, stored);
}

bool SimulationOptions::asks_file_for_box() const {
  // Tables of numbers alone tell none.
  return newtonian_law() != nullptr && particles.source == SourceKind::file && box.from != BoxFrom::config &&
         std::filesystem::path(particles.file).extension() != ".csv";
}

ParticleShape SimulationOptions::particle_shape(const std::optional<Box>& its_box) const {
  if (independent_law() != nullptr) return shape_of(*independent_law());
  const int axes = its_box.value().axes;
  // Velocities of particles that are placed by us are drawn once they have their places.
  const bool brings_velocities =
      particles.source == SourceKind::file || particles.source == SourceKind::uniform;
  ParticleShape shape{.axes = axes, .parameters = {}};
  if (brings_velocities) {
    const auto velocities = law().parameters().first(static_cast<std::size_t>(axes));
    shape.parameters.assign(velocities.begin(), velocities.end());
    for (auto& column : shape.parameters) column.may_be_absent = particles.source == SourceKind::file;
  }
  if (particles.source == SourceKind::file && motion.species.is_mixture())
    shape.parameters.push_back(species_column(motion.species));
  return shape;
}

void SimulationOptions::validate_motion() const {
  box.validate();
  motion.species.validate();
  const bool keeps_momentum =
      motion.thermostat.name != ThermostatName::none && motion.thermostat.momentum == BathMomentum::remove;
  if (keeps_momentum && !fields.acting().empty()) {
    throw OptionConflict({"thermostat.momentum", "field.gravity", "field.trap-stiffness"},
                         "thermostat.momentum remove keeps the momentum that particles begin with, which a "
                         "field changes; use keep, or no field");
  }
  if (!asks_file_for_box()) check_box(*particle_box());
}

void SimulationOptions::check_box(const Box& walls) const {
  if (particles.source == SourceKind::uniform && walls.axes == 3) {
    throw OptionConflict(
        {"particles.source", "box.lengths"},
        "particles.source uniform draws positions in the plane, but the box has three axes; use "
        "random");
  }
  fields.check(walls);
  if (pair_law() != nullptr) check_reach(walls);
}

/// Refuses a box that pairs would reach around, and lists that are no use. @pre pair_law()
void SimulationOptions::check_reach(const Box& walls) const {
  const PairLaw& law = *pair_law();
  const std::string cutoff_key = std::string(law.name()) + "." + std::string(law.cutoff_option());
  const double cutoff = law.constants().cutoff, reach = cutoff + motion.skin_for(cutoff);
  // Below, products of forces and distances would vanish in double precision.
  constexpr double least_force = 1e-150;
  const double most_force = law.force_bound();
  if (most_force > 0.0 && most_force < least_force) {
    throw OptionConflict(
        {"law.name"},
        "law " + std::string(law.name()) + " has forces of at most " + to_text(most_force) +
            ", which double precision cannot tell from none; choose units in which its settings are "
            "nearer to 1");
  }
  const double longest = *std::max_element(walls.lengths.begin(), walls.lengths.begin() + walls.axes);
  if (motion.skin > std::max(longest, cutoff)) {
    throw OptionConflict({"neighbour.skin"},
                         "neighbour.skin " + to_text(motion.skin) + " is more than the box is long (" +
                             to_text(longest) + ") and more than the cut-off (" + to_text(cutoff) +
                             "), so that lists would hold all pairs; use a smaller neighbour.skin");
  }
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(walls.axes); ++axis) {
    if (walls.boundary[axis] != Boundary::periodic) continue;
    const std::string length = to_text(walls.lengths[axis]);
    if (walls.lengths[axis] < 2.0 * cutoff) {
      throw OptionConflict(
          {"box.lengths", "particles.cells", cutoff_key},
          "the box is " + length + " long, less than two cut-offs of " + to_text(cutoff) +
              ", so that a particle would meet another twice; use a larger box or a smaller " + cutoff_key);
    }
    if (walls.lengths[axis] < reach) {
      throw OptionConflict({"neighbour.skin"}, "cut-off and neighbour.skin are " + to_text(reach) +
                                                   " together, more than the box is long (" + length +
                                                   "); use a smaller neighbour.skin");
    }
  }
}

void SimulationOptions::validate() const {
  particles.validate();
  static_cast<void>(time.step_count());
  if (newtonian_law() != nullptr) validate_motion();
  const bool is_placed = particles.source == SourceKind::lattice || particles.source == SourceKind::random;
  if (independent_law() != nullptr && is_placed) {
    throw OptionConflict({"particles.source"},
                         "particles.source lattice and random give no parameters of a law, which " +
                             std::string(law().name()) + " needs; use uniform or file");
  }
  if (independent_law() != nullptr && output.images != ImagesInFile::none) {
    throw OptionConflict({"output.images", "law.name"},
                         "output.images counts periods of a box, and particles of the law " +
                             std::string(law().name()) + " have none; leave it out");
  }
  output.validate();
}

}  // namespace orrery
