/// Where the text of settings comes from: command line, environment, configuration file.
#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/option_set.hpp"

namespace orrery {

/// Sources in ascending order of precedence.
enum class SourceRank { defaults, file, environment, command_line };

/// One setting as somebody wrote it.
struct Setting {
  std::string key;
  std::string value;
  SourceRank rank = SourceRank::defaults;
  std::string
      place;  ///< for messages: "config/rotation.ini:7", "variable ORRERY_TIME_END", "option --time.end"
};

/// The exit code for a setting at fault.
ExitCode code_for(SourceRank rank);

/// What stands on the command line of a subcommand.
struct CommandLine {
  std::vector<Setting> settings;
  std::string config_file;  ///< empty: none
};

/// Reads `[CONFIG] [--section.key VALUE | --section.key=VALUE ...]`.
/// @throws Error (usage) naming the option and, for an unknown one, the nearest that exists
CommandLine read_command_line(const std::vector<std::string>& arguments, const OptionSet& options);

/// Reads every variable that begins with ORRERY_.
/// @param environment  entries "NAME=value"
/// @throws Error (configuration)
std::vector<Setting> read_environment(const std::vector<std::string>& environment, const OptionSet& options);

/// Reads `[section]` and `key = value` lines; # begins a comment.
/// @throws Error (configuration) naming file and line
std::vector<Setting> read_config_file(const std::string& path, const OptionSet& options);

/// "ORRERY_SECTION_KEY" for "section.key".
std::string variable_name(const std::string& key);

}  // namespace orrery
