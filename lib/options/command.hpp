/// A command of the program: what it is called and for, and how its command line is read. Each tool declares
/// its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/option_set.hpp"
#include "options/option_sources.hpp"
#include "options/option_text.hpp"

namespace orrery {

/// Whether a command takes a word that is no option.
enum class CommandWord { none, optional, needed };

struct Command {
  const char* name;          ///< the word behind `orrery`
  const char* summary;       ///< for the list of commands
  const char* usage;         ///< of the whole command line
  const char* purpose;       ///< paragraphs for the help page, each line with its end
  std::string (*options)();  ///< text of its options for the help page
  const char* notes;         ///< behind the options, likewise
  CommandSyntax syntax{};
  CommandWord word = CommandWord::optional;
};

/// The text of `orrery COMMAND --help`.
std::string help_page(const Command& command);

/// The text of the options of a struct that describes itself, for `Command::options`.
template <class Options>
std::string options_text() {
  Options options;
  OptionSet set;
  options.describe(set);
  return help_text(set);
}

/// Reads `[WORD] [--name VALUE | --name=VALUE ...]` into the fields that `set` describes, for a command with
/// no other source of settings: a figure should not depend on a variable that was set for a run. Local.
/// @param check  is called with the word when all fields are set; a conflict that it throws is blamed on the
/// settings
/// @return the word, empty where there is none
/// @throws Error (usage) naming the option or the word
std::string read_command(const Command& command, const std::vector<std::string>& arguments,
                         const OptionSet& set,
                         const std::function<void(const std::string& word)>& check = {});

}  // namespace orrery
