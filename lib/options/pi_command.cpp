#include "options/pi_command.hpp"

#include "options/option_sources.hpp"
#include "options/option_text.hpp"
#include "options/resolve.hpp"

namespace orrery {
namespace {

void resolve(const std::vector<std::string>& arguments, PiOptions& options, const OptionSet& set) {
  const CommandLine command_line = read_command_line(
      arguments, set, {.command = "orrery pi", .option = "--name VALUE", .word = "command"});
  if (!command_line.word.empty()) {
    throw Error(ExitCode::usage, "unexpected word '" + command_line.word +
                                     "'; `orrery pi` takes options only, see `orrery pi --help`");
  }
  const Winners winners = winners_of(command_line.settings);
  assign(winners, set);
  try {
    options.validate();
  } catch (const OptionConflict& conflict) {
    throw explain(conflict, winners);
  }
}

}  // namespace

std::string pi_help() {
  PiOptions options;
  OptionSet set;
  options.describe(set);
  return "usage: mpirun -n RANKS orrery pi [--name VALUE | --name=VALUE ...]\n"
         "\n"
         "The value of pi by chance: random points of a square, and how many of them lie in its circle. The "
         "hits are "
         "the\n"
         "same on any number of ranks and threads; what differs is the time, which shows what ways of "
         "sharing work "
         "cost.\n"
         "\n" +
         help_text(set) +
         "\n"
         "exit codes: 0 done, 1 tasks failed, 64 command line, 65 the journal is no journal, or of other "
         "samples, "
         "70 internal\n"
         "error, 74 the journal cannot be written, 75 stopped by a signal\n";
}

void read_pi_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                     PiOptions& options) {
  OptionSet set;
  options.describe(set);
  ranks.apply([&] {
    if (ranks.is_root()) resolve(arguments, options, set);
  });
  push_values(ranks, set);
}

}  // namespace orrery
