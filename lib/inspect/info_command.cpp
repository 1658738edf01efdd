#include "inspect/info_command.hpp"

#include "core/named_files.hpp"
#include "io/xdmf_text.hpp"

namespace orrery {

const Command info_command{
    .name = "info",
    .summary = "tell what is in a trajectory file, and whether it is whole",
    .usage = "orrery info FILE [--group NAME] [--verify] [--json] [--xdmf [--overwrite]]\n",
    .purpose =
        "Tells what is in a trajectory file (H5MD, by any program): particles, frames, time, law, box, "
        "units, who made it\n"
        "and how. Also for files that are still being written, and for damaged ones, of which it says what "
        "is wrong.\n",
    .options = options_text<InfoOptions>,
    .notes =
        "exit codes: 0 all is well, 64 command line, 65 something is wrong with the file, 70 internal "
        "error\n",
    .syntax = {.command = "orrery info", .option = "--name", .word = "trajectory file"},
    .word = CommandWord::needed};

InfoOptions read_info_command(const std::vector<std::string>& arguments) {
  InfoOptions options;
  OptionSet set;
  options.describe(set);
  options.file = read_command(info_command, arguments, set);
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
