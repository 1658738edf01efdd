#include "distances/distances_command.hpp"

#include "comm/push_values.hpp"
#include "core/named_files.hpp"

namespace orrery {

const Command distances_command{
    .name = "distances",
    .summary = "distances between all points of a file: matrix, histogram, nearest, pairs below",
    .usage = "mpirun -n RANKS orrery distances FILE [--name VALUE | --name=VALUE ...]\n",
    .purpose =
        "Distances between all points of a file: a table (*.csv, *.txt) with columns x, y and perhaps z and "
        "others,\n"
        "the last frame of XYZ, or a frame of an H5MD\n"
        "trajectory (*.h5md, *.h5, *.hdf5). Points are numbered from 0 in the order of the file. At least "
        "one of --matrix,\n"
        "--histogram, --below and --nearest says what to make of the distances; all but the matrix do "
        "without storing them.\n"
        "Pairs i < j are counted once. The results are the same, bit for bit, on any ranks, threads and "
        "instructions.\n",
    .options = options_text<DistanceOptions>,
    .notes =
        "examples: orrery distances points.csv --matrix distances.h5\n"
        "          orrery distances trajectory.h5md --histogram 100 --max 2 --nearest nearest.csv\n"
        "          orrery distances points.csv --box 10,10 --below 0.5 --list pairs.csv\n"
        "\n"
        "exit codes: 0 done, 64 command line, 65 the file of the points, 70 internal error or too little "
        "memory,\n"
        "74 a file cannot be written\n",
    .syntax = {.command = "orrery distances", .option = "--name VALUE", .word = "file of points"}};

void read_distances_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                            DistanceOptions& options) {
  OptionSet set;
  options.describe(set);
  set_on_root(ranks, set, [&] {
    read_command(distances_command, arguments, set, [&](const std::string& word) {
      options.points = word;
      options.validate();
      auto files = named_files(set);
      files.insert(files.begin(), {"the file of the points", options.points, FileUse::read});
      refuse_shared_files(files);
    });
  });
  ranks.push(options.points);
}

}  // namespace orrery
