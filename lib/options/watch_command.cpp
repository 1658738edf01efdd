#include "options/watch_command.hpp"

#include "options/option_sources.hpp"
#include "options/option_text.hpp"
#include "options/resolve.hpp"

namespace orrery {

std::string watch_help() {
  WatchOptions options;
  OptionSet set;
  options.describe(set);
  return "usage: orrery watch FILE [--name VALUE | --name=VALUE ...]\n"
         "\n"
         "Follows a run that is still going, from its trajectory file: how far it is, its diagnostics, and "
         "where the\n"
         "particles are. On a terminal the view stays in place, elsewhere every new frame is a line. Ends "
         "with the run,\n"
         "or on Ctrl-C.\n"
         "\n" +
         help_text(set) +
         "\n"
         "exit codes: 0 the run is complete, 1 gave up, 64 command line, 65 something is wrong with the "
         "file, 70 internal\n"
         "error\n";
}

WatchOptions read_watch_command(const std::vector<std::string>& arguments) {
  WatchOptions options;
  OptionSet set;
  options.describe(set);
  const CommandLine command_line = read_command_line(
      arguments, set, {.command = "orrery watch", .option = "--name VALUE", .word = "trajectory file"});
  if (command_line.word.empty())
    throw Error(ExitCode::usage, "which file? orrery watch FILE (`orrery watch --help` has more)");
  assign(winners_of(command_line.settings), set);
  options.file = command_line.word;
  return options;
}

}  // namespace orrery
