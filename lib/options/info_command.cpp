#include "options/info_command.hpp"

#include "core/named_files.hpp"
#include "io/xdmf_text.hpp"
#include "options/option_sources.hpp"
#include "options/option_text.hpp"
#include "options/resolve.hpp"

namespace orrery {

std::string info_help() {
  InfoOptions options;
  OptionSet set;
  options.describe(set);
  return "usage: orrery info FILE [--group NAME] [--verify] [--json] [--xdmf [--overwrite]]\n"
         "\n"
         "Tells what is in a trajectory file (H5MD, by any program): particles, frames, time, law, box, "
         "units, who made it\n"
         "and how. Also for files that are still being written, and for damaged ones, of which it says what "
         "is wrong.\n"
         "\n" +
         help_text(set) +
         "\n"
         "exit codes: 0 all is well, 64 command line, 65 something is wrong with the file, 70 internal "
         "error\n";
}

InfoOptions read_info_command(const std::vector<std::string>& arguments) {
  InfoOptions options;
  OptionSet set;
  options.describe(set);
  const CommandLine command_line = read_command_line(
      arguments, set, {.command = "orrery info", .option = "--name", .word = "trajectory file"});
  if (command_line.word.empty())
    throw Error(ExitCode::usage, "which file? orrery info FILE (`orrery info --help` has more)");
  assign(winners_of(command_line.settings), set);
  options.file = command_line.word;
  if (options.xdmf) {
    try {
      refuse_shared_files({{"the trajectory", options.file, FileUse::read},
                           {"its XDMF file", xdmf_path_of(options.file), FileUse::written}});
    } catch (const OptionConflict& conflict) {
      throw Error(ExitCode::usage, conflict.what());
    }
  }
  return options;
}

}  // namespace orrery
