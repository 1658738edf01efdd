/// Where the text of settings comes from: command line, environment, configuration file.
#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/option_set.hpp"

namespace orrery {

/// Sources in ascending order of precedence.
enum class SourceRank { defaults, file, environment, command_line };

/// One setting as it was written.
struct Setting {
  std::string key;
  std::string value;
  SourceRank rank = SourceRank::defaults;
  std::string
      place;  ///< for messages: "config/rotation.ini:7", "variable ORRERY_TIME_END", "option --time.end"
  std::string written_key = "";  ///< an earlier key of the option, where the setting has that
};

/// A sentence for each earlier key among the settings, which names the present one.
std::vector<std::string> notes_on_renamed(const std::vector<Setting>& settings);

/// The exit code for a setting at fault.
ExitCode code_for(SourceRank rank);

/// How the command line of a subcommand is written, for messages. The defaults are those of `orrery run`.
struct CommandSyntax {
  const char* command = "orrery run";
  const char* option = "--section.key VALUE";
  const char* word = "configuration file";  ///< what the one word is that is no option
};

/// What stands on the command line of a subcommand.
struct CommandLine {
  std::vector<Setting> settings;
  std::string word;  ///< the one that is no option; empty: there is none
};

/// Reads `[WORD] [--key VALUE | --key=VALUE ...]`.
/// @throws Error (usage) naming the option and, for an unknown one, the nearest that exists
CommandLine read_command_line(const std::vector<std::string>& arguments, const OptionSet& options,
                              const CommandSyntax& syntax = {});

/// Reads the variables of the form ORRERY_SECTION_KEY whose SECTION is one of the options. Others that begin
/// with ORRERY_ are let pass, as other programs set such, unless all but two letters are those of an option.
/// @param environment  entries "NAME=value"
/// @throws Error (configuration) for a variable of that form, or so near to it, that is no option
std::vector<Setting> read_environment(const std::vector<std::string>& environment, const OptionSet& options);

/// Reads `[section]` and `key = value` lines, as `read_config_line` has it.
/// @throws Error (configuration) naming file and line
std::vector<Setting> read_config_file(const std::string& path, const OptionSet& options);

/// "ORRERY_SECTION_KEY" for "section.key".
std::string variable_name(const std::string& key);

}  // namespace orrery
