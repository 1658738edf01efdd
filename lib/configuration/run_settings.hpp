/// The settings of a run, from command line, environment and configuration file.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "configuration/simulation_options.hpp"
#include "options/option_sources.hpp"

namespace orrery {

/// What stands in all places where a run can be set up.
struct RunSettings {
  std::vector<Setting> settings;
  std::string config_file;  ///< empty: there is none
};

/// Reads the command line, the variables and the configuration file. Local.
/// @throws Error (usage or configuration)
RunSettings read_run_settings(const std::vector<std::string>& arguments,
                              const std::vector<std::string>& environment, const OptionSet& set);

/// Sets the fields of a run's options, and checks them. Local.
/// @param set  describes `options`
/// @return the configuration, as an INI file that repeats the run
/// @throws Error (usage or configuration) naming option, variable, or file and line
std::string resolve_run(const RunSettings& read, SimulationOptions& options, const OptionSet& set);

/// Keys that have no effect with the present settings.
/// @param set  describes `options`
std::set<std::string> keys_without_effect(const SimulationOptions& options, const OptionSet& set);

}  // namespace orrery
