#include "configuration/run_settings.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "core/named_files.hpp"
#include "options/option_sources.hpp"
#include "options/option_text.hpp"
#include "options/resolve.hpp"

namespace orrery {
namespace {

/// Whether particles under a law have the parameter that a range is for.
bool needs(const Law& law, const ParameterRange& range) {
  return std::any_of(law.parameters().begin(), law.parameters().end(),
                     [&](const auto& column) { return column.name == range.name; });
}

/// Keys that have no effect with the present settings, each with the key whose value makes it so.
std::vector<std::pair<std::string, std::string>> idle_keys(const SimulationOptions& options,
                                                           const OptionSet& set) {
  std::vector<std::pair<std::string, std::string>> idle;
  const std::string source = "particles.source";
  for (const auto& key : options.particles.idle_keys()) idle.emplace_back(key, source);
  std::set<std::string> other_laws;
  for (const auto& name : options.law_names())
    if (name != options.law().name()) other_laws.insert(name);
  if (options.independent_law() != nullptr) {
    for (const char* key :
         {"box.lengths", "box.boundary", "box.origin", "box.from", "particles.mass", "neighbour.skin",
          "run.precision", "domain.balance", "thermostat.name", "particles.momentum"})
      idle.emplace_back(key, "law.name");
    idle.emplace_back("particles.fractions", "law.name");
    for (const auto& option : set.options())
      if (option.key.starts_with("field.")) idle.emplace_back(option.key, "law.name");
  } else if (options.pair_law() == nullptr) {
    for (const char* key : {"neighbour.skin", "run.precision", "domain.balance"})
      idle.emplace_back(key, "law.name");
  }
  for (auto& key : options.fields.idle_keys()) idle.push_back(std::move(key));
  if (options.particles.source != SourceKind::file) idle.emplace_back("box.from", source);
  if (options.particles.source == SourceKind::file) idle.emplace_back("particles.fractions", source);
  if (!options.motion.species.is_mixture()) idle.emplace_back("particles.fractions", "particles.mass");
  if (options.independent_law() != nullptr || options.motion.thermostat.name == ThermostatName::none) {
    for (const char* key :
         {"thermostat.temperature", "thermostat.friction", "thermostat.seed", "thermostat.momentum"})
      idle.emplace_back(key, "thermostat.name");
  }
  for (const auto& range : options.particles.ranges) {
    if (options.particles.source != SourceKind::uniform || needs(options.law(), range)) continue;
    idle.emplace_back(range.low_key(), "law.name");
    idle.emplace_back(range.high_key(), "law.name");
  }
  for (const auto& option : set.options()) {
    if (other_laws.contains(option.key.substr(0, option.key.find('.'))))
      idle.emplace_back(option.key, "law.name");
  }
  return idle;
}

/// A key that cannot have an effect was a mistake, unless a source of higher precedence made it idle later.
void refuse_idle(const SimulationOptions& options, const OptionSet& set, const Winners& winners) {
  for (const auto& [key, cause] : idle_keys(options, set)) {
    const auto setting = winners.find(key);
    if (setting == winners.end() || setting->second.value.empty()) continue;
    if (setting->second.rank == SourceRank::defaults) continue;  // it is a default
    const auto selector = winners.find(cause);
    if (selector != winners.end() && selector->second.rank > setting->second.rank) continue;
    throw OptionConflict({key}, key + " has no effect while " + cause + " is " + set.find(cause)->text() +
                                    "; leave it out or change " + cause);
  }
}

/// A particle file named in a configuration file is looked for beside that file, so that the pair can be used
/// from anywhere. The place is made absolute, so that the stored configuration can be, too.
void locate_particle_file(SimulationOptions& options, const Winners& winners,
                          const std::string& config_file) {
  const auto setting = winners.find("particles.file");
  if (setting == winners.end() || options.particles.file.empty()) return;
  const bool beside_config = setting->second.rank == SourceRank::file;
  const auto base =
      beside_config ? std::filesystem::absolute(config_file).parent_path() : std::filesystem::current_path();
  const auto place = base / options.particles.file;
  // "link/../file" is not beside the link, but beside what that stands for.
  std::error_code status;
  const bool is_same = !std::filesystem::exists(place, status) ||
                       std::filesystem::equivalent(place, place.lexically_normal(), status);
  options.particles.file = (is_same ? place.lexically_normal() : place).string();
}

/// All files that a run reads or writes.
std::vector<NamedFile> files_of(const RunSettings& read, const SimulationOptions& options,
                                const OptionSet& set) {
  std::vector<NamedFile> files{
      {"the configuration file", read.config_file, FileUse::read},
      {"the XDMF file of output.file", options.output.xdmf_file(), FileUse::written, "output.file"}};
  for (auto& file : named_files(set)) files.push_back(std::move(file));
  return files;
}

}  // namespace

RunSettings read_run_settings(const std::vector<std::string>& arguments,
                              const std::vector<std::string>& environment, const OptionSet& set) {
  const CommandLine command_line = read_command_line(arguments, set);
  RunSettings read{command_line.settings, command_line.word};
  const auto append = [&read](const std::vector<Setting>& more) {
    read.settings.insert(read.settings.end(), more.begin(), more.end());
  };
  append(read_environment(environment, set));
  if (!command_line.word.empty()) append(read_config_file(command_line.word, set));
  return read;
}

std::string resolve_run(const RunSettings& read, SimulationOptions& options, const OptionSet& set) {
  const Winners winners = winners_of(read.settings);
  assign(winners, set);
  locate_particle_file(options, winners, read.config_file);
  try {
    refuse_idle(options, set, winners);
    options.validate();
    refuse_shared_files(files_of(read, options, set));
  } catch (const OptionConflict& conflict) {
    throw explain(conflict, winners);
  }

  std::set<std::string> left_out = keys_without_effect(options, set);
  left_out.insert("run.dry-run");
  return config_text(set, left_out);
}

std::set<std::string> keys_without_effect(const SimulationOptions& options, const OptionSet& set) {
  std::set<std::string> keys;
  for (const auto& [key, cause] : idle_keys(options, set)) keys.insert(key);
  return keys;
}

}  // namespace orrery
