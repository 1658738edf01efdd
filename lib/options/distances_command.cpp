#include "options/distances_command.hpp"

#include "core/named_files.hpp"
#include "options/option_sources.hpp"
#include "options/option_text.hpp"
#include "options/resolve.hpp"

namespace orrery {

std::string distances_help() {
  DistanceOptions options;
  OptionSet set;
  options.describe(set);
  return "usage: mpirun -n RANKS orrery distances FILE [--name VALUE | --name=VALUE ...]\n"
         "\n"
         "Distances between all points of a file: a table (*.csv, *.txt) with columns x, y and perhaps z and "
         "others,\n"
         "the last frame of XYZ, or a frame of an H5MD\n"
         "trajectory (*.h5md, *.h5, *.hdf5). Points are numbered from 0 in the order of the file. At least "
         "one of "
         "--matrix,\n"
         "--histogram, --below and --nearest says what to make of the distances; all but the matrix do "
         "without "
         "storing them.\n"
         "Pairs i < j are counted once. The results are the same, bit for bit, on any ranks, threads and "
         "instructions.\n"
         "\n" +
         help_text(set) +
         "\n"
         "examples: orrery distances points.csv --matrix distances.h5\n"
         "          orrery distances trajectory.h5md --histogram 100 --max 2 --nearest nearest.csv\n"
         "          orrery distances points.csv --box 10,10 --below 0.5 --list pairs.csv\n"
         "\n"
         "exit codes: 0 done, 64 command line, 65 the file of the points, 70 internal error or too little "
         "memory,\n"
         "74 a file cannot be written\n";
}

void read_distances_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                            DistanceOptions& options) {
  OptionSet set;
  options.describe(set);
  ranks.apply([&] {
    if (!ranks.is_root()) return;
    const CommandLine command_line = read_command_line(
        arguments, set, {.command = "orrery distances", .option = "--name VALUE", .word = "file of points"});
    options.points = command_line.word;
    const Winners winners = winners_of(command_line.settings);
    assign(winners, set);
    options.validate();
    try {
      auto files = named_files(set);
      files.insert(files.begin(), {"the file of the points", options.points, FileUse::read});
      refuse_shared_files(files);
    } catch (const OptionConflict& conflict) {
      throw explain(conflict, winners);
    }
  });
  push_values(ranks, set);
  ranks.push(options.points);
}

}  // namespace orrery
