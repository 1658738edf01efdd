#include "options/option_sources.hpp"

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>

#include "core/input_file.hpp"
#include "core/nearest_name.hpp"
#include "core/number_text.hpp"
#include "options/config_line.hpp"

namespace orrery {
namespace po = boost::program_options;

namespace {

std::vector<std::string> keys_of(const OptionSet& options) {
  std::vector<std::string> keys;
  for (const auto& option : options.options()) keys.push_back(option.key);
  return keys;
}

std::string unknown_text(const std::string& what, const std::string& name,
                         const std::vector<std::string>& known, const std::string& command) {
  const std::string nearest = nearest_name(name, known);
  return "unknown " + what +
         (nearest.empty() ? "; `" + command + " --help` lists those that exist"
                          : "; did you mean " + nearest + "?");
}

/// Whether a variable is meant for an option, as far as its name tells: it begins with a section of options
/// and goes on, or is that of an option but for two letters. What else begins with ORRERY_ belongs to others:
/// build tools and module files set ORRERY_ROOT, ORRERY_DIR and the like.
bool is_meant_for_an_option(std::string_view variable, const OptionSet& options) {
  constexpr std::size_t most_slips = 2;
  return std::any_of(options.options().begin(), options.options().end(), [variable](const Option& option) {
    const auto section = variable_name(option.key.substr(0, option.key.find('.'))) + "_";
    return (variable.size() > section.size() && variable.starts_with(section)) ||
           edit_distance(variable, variable_name(option.key)) <= most_slips;
  });
}

po::options_description boost_options(const OptionSet& options) {
  po::options_description described;
  for (const auto& option : options.options()) {
    described.add_options()(option.key.c_str(), po::value<std::string>());
  }
  for (const auto& renamed : options.renamed_keys())
    described.add_options()(renamed.before.c_str(), po::value<std::string>());
  return described;
}

/// Values of several words, and optional ones, are tied to their option by '=' so that the words cannot be
/// taken for the one that is no option.
std::vector<std::string> tie_values(const std::vector<std::string>& arguments, const OptionSet& options) {
  std::vector<std::string> tied;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    std::string argument = arguments[at];
    const Option* option =
        argument.starts_with("--") ? options.find(options.present_key(argument.substr(2))) : nullptr;
    const auto is_number = [&](std::size_t index) {
      return index < arguments.size() && parse_double(arguments[index]).has_value();
    };
    if (option != nullptr && option->tokens > 1 && is_number(at + 1) && is_number(at + 2)) {
      argument += "=" + arguments[at + 1];
      const std::size_t last = at + static_cast<std::size_t>(option->tokens);
      for (++at; at < last && is_number(at + 1); ++at) argument += " " + arguments[at + 1];
    } else if (option != nullptr && option->is_switch) {
      static const std::set<std::string> truths{"true", "false", "on", "off", "yes", "no", "1", "0"};
      const bool has_value = at + 1 < arguments.size() && truths.contains(arguments[at + 1]);
      argument += has_value ? "=" + arguments[++at] : "=true";
    }
    tied.push_back(argument);
  }
  return tied;
}

/// A text file as a whole, without the mark that some editors put before text in UTF-8.
std::string whole_text(const std::string& path) {
  constexpr std::size_t most = std::size_t{16} << 20;
  const auto refuse = [&path](const std::string& why) {
    throw Error(ExitCode::configuration, "cannot read configuration file '" + path + "': " + why);
  };
  // A shell's `<(command)` may stand for a configuration.
  if (const auto problem = problem_of_input_file(path, Pipes::unnamed); !problem.empty()) refuse(problem);
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) refuse(system_message(errno));
  std::string text;
  std::array<char, 4096> piece{};
  while (stream) {
    stream.read(piece.data(), std::ssize(piece));
    text.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > most) refuse("it has more than 16 MiB; a configuration is a few lines");
  }
  if (stream.bad()) refuse("reading it fails");
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (text.starts_with(mark)) text.erase(0, mark.size());
  return text;
}

}  // namespace

std::vector<std::string> notes_on_renamed(const std::vector<Setting>& settings) {
  std::vector<std::string> notes;
  std::set<std::string> noted;
  for (const Setting& setting : settings) {
    if (setting.written_key.empty() || !noted.insert(setting.written_key).second) continue;
    notes.push_back(setting.place + ": " + setting.written_key + " is called " + setting.key +
                    " now; the earlier name is still read");
  }
  return notes;
}

ExitCode code_for(SourceRank rank) {
  return rank == SourceRank::file || rank == SourceRank::environment ? ExitCode::configuration
                                                                     : ExitCode::usage;
}

std::string variable_name(const std::string& key) {
  std::string name = "ORRERY_" + key;
  for (char& letter : name) {
    letter = letter == '.' || letter == '-'
                 ? '_'
                 : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  return name;
}

CommandLine read_command_line(const std::vector<std::string>& arguments, const OptionSet& options,
                              const CommandSyntax& syntax) {
  namespace style = po::command_line_style;
  CommandLine read;
  std::set<std::string> seen;
  po::parsed_options parsed(nullptr);
  try {
    const auto described = boost_options(options);
    parsed = po::command_line_parser(tie_values(arguments, options))
                 .options(described)
                 .allow_unregistered()
                 .style(style::allow_long | style::long_allow_adjacent | style::long_allow_next)
                 .run();
  } catch (const po::error& error) {
    throw Error(ExitCode::usage, std::string(error.what()) + "; see `" + syntax.command + " --help`");
  }
  for (const auto& option : parsed.options) {
    if (option.position_key >= 0 || option.string_key.empty()) {
      for (const auto& word : option.value) {
        if (word.starts_with("-"))
          throw Error(ExitCode::usage, "unknown option " + word + "; options are written " + syntax.option);
        if (!read.word.empty()) {
          throw Error(ExitCode::usage, "unexpected word '" + word + "' after the " + syntax.word + " '" +
                                           read.word + "'; there is one " + syntax.word +
                                           ", and options are written " + syntax.option);
        }
        read.word = word;
        if (word.empty())
          throw Error(ExitCode::usage, std::string("the name of the ") + syntax.word + " is empty");
      }
      continue;
    }
    const std::string place = "option --" + option.string_key;
    const std::string key = options.present_key(option.string_key);
    if (options.find(key) == nullptr)
      throw Error(ExitCode::usage,
                  place + ": " + unknown_text("option", option.string_key, keys_of(options), syntax.command));
    if (!seen.insert(key).second) throw Error(ExitCode::usage, place + " is given twice");
    read.settings.push_back({key, option.value.front(), SourceRank::command_line, place,
                             key == option.string_key ? "" : option.string_key});
  }
  return read;
}

std::vector<Setting> read_environment(const std::vector<std::string>& environment, const OptionSet& options) {
  std::vector<Setting> settings;
  std::vector<std::string> keys = keys_of(options);
  for (const auto& renamed : options.renamed_keys()) keys.push_back(renamed.before);
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (const auto& key : keys) names.push_back(variable_name(key));
  for (const auto& entry : environment) {
    if (!entry.starts_with("ORRERY_")) continue;
    const auto equals = entry.find('=');
    const std::string name = entry.substr(0, equals);
    const auto match = std::find(names.begin(), names.end(), name);
    if (match == names.end() && !is_meant_for_an_option(name, options)) continue;
    if (match == names.end()) {
      names.resize(options.options().size());  // those before are not proposed
      throw Error(ExitCode::configuration,
                  "variable " + name + ": " + unknown_text("variable", name, names, "orrery run"));
    }
    const std::string& written = keys[static_cast<std::size_t>(match - names.begin())];
    const std::string key = options.present_key(written);
    const auto before =
        std::find_if(settings.begin(), settings.end(), [&](const Setting& s) { return s.key == key; });
    if (before != settings.end() && before->place != "variable " + name)
      throw Error(ExitCode::configuration,
                  "variable " + name + ": " + key + " is set again (first by " + before->place + ")");
    settings.push_back({key, equals == std::string::npos ? "" : entry.substr(equals + 1),
                        SourceRank::environment, "variable " + name, key == written ? "" : written});
  }
  return settings;
}

std::vector<Setting> read_config_file(const std::string& path, const OptionSet& options) {
  std::vector<Setting> settings;
  std::string section;
  std::istringstream text(whole_text(path));
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    const std::string place = path + ":" + std::to_string(number);
    const auto refuse = [&place](const std::string& problem) {
      throw Error(ExitCode::configuration, place + ": " + problem);
    };
    ConfigLine read;
    try {
      read = read_config_line(line);
    } catch (const Error& problem) {
      refuse(problem.what());
    }
    if (read.kind == ConfigLine::Kind::section) section = read.name.empty() ? "" : read.name + ".";
    if (read.kind != ConfigLine::Kind::setting) continue;
    const std::string written = section + read.name;
    const std::string key = options.present_key(written);
    if (options.find(key) == nullptr)
      refuse(key + ": " + unknown_text("key", key, keys_of(options), "orrery run"));
    const auto before =
        std::find_if(settings.begin(), settings.end(), [&](const Setting& s) { return s.key == key; });
    if (before != settings.end()) refuse(key + " is set again (first in " + before->place + ")");
    settings.push_back({key, read.value, SourceRank::file, place, key == written ? "" : written});
  }
  return settings;
}

}  // namespace orrery
