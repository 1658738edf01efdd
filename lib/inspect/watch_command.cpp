#include "inspect/watch_command.hpp"

namespace orrery {

const Command watch_command{
    .name = "watch",
    .summary = "follow a run that is still going, by its trajectory file",
    .usage = "orrery watch FILE [--name VALUE | --name=VALUE ...]\n",
    .purpose =
        "Follows a run that is still going, from its trajectory file: how far it is, its diagnostics, and "
        "where the\n"
        "particles are. On a terminal the view stays in place, elsewhere every new frame is a line. Ends "
        "with the run,\n"
        "or on Ctrl-C.\n",
    .options = options_text<WatchOptions>,
    .notes =
        "exit codes: 0 the run is complete, 1 gave up, 64 command line, 65 something is wrong with the file, "
        "70 internal\n"
        "error\n",
    .syntax = {.command = "orrery watch", .option = "--name VALUE", .word = "trajectory file"},
    .word = CommandWord::needed};

WatchOptions read_watch_command(const std::vector<std::string>& arguments) {
  WatchOptions options;
  OptionSet set;
  options.describe(set);
  options.file = read_command(watch_command, arguments, set);
  return options;
}

}  // namespace orrery
