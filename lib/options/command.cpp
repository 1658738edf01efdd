#include "options/command.hpp"

#include <string_view>

#include "core/error.hpp"
#include "options/resolve.hpp"

namespace orrery {

std::string help_page(const Command& command) {
  const std::string options = command.options();
  return std::string("usage: ") + command.usage + "\n" + command.purpose +
         (options.starts_with('\n') ? "" : "\n") + options + "\n" + command.notes;
}

std::string read_command(const Command& command, const std::vector<std::string>& arguments,
                         const OptionSet& set, const std::function<void(const std::string& word)>& check) {
  const CommandLine read = read_command_line(arguments, set, command.syntax);
  const std::string name = command.syntax.command;
  if (command.word == CommandWord::needed && read.word.empty())
    throw Error(ExitCode::usage, "which file? " + name + " FILE (`" + name + " --help` has more)");
  if (command.word == CommandWord::none && !read.word.empty())
    throw Error(ExitCode::usage, "unexpected word '" + read.word + "'; `" + name +
                                     "` takes options only, see `" + name + " --help`");
  const Winners winners = winners_of(read.settings);
  assign(winners, set);
  try {
    if (check) check(read.word);
  } catch (const OptionConflict& conflict) {
    throw explain(conflict, winners);
  }
  return read.word;
}

}  // namespace orrery
