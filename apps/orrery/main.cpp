/// The program: finds the subcommand and hands over.

#include <algorithm>
#include <array>
#include <iostream>
#include <string>
#include <vector>

#include "bench.hpp"
#include "core/error.hpp"
#include "core/option_set.hpp"
#include "core/printable_output.hpp"
#include "core/version.hpp"
#include "distances.hpp"
#include "info.hpp"
#include "options/bench_command.hpp"
#include "options/distances_command.hpp"
#include "options/info_command.hpp"
#include "options/pi_command.hpp"
#include "options/run_command.hpp"
#include "options/watch_command.hpp"
#include "pi.hpp"
#include "run.hpp"
#include "sweep.hpp"
#include "sweep/sweep_command.hpp"
#include "watch.hpp"

namespace {

constexpr const char* usage =
    "usage: orrery COMMAND ...\n"
    "\n"
    "A distributed particle simulator.\n"
    "\n"
    "commands:\n"
    "  run         evolve particles and write their trajectory; `orrery run --help` lists its options\n"
    "  sweep       run every combination of some options' values, spread over the ranks\n"
    "  info        tell what is in a trajectory file, and whether it is whole\n"
    "  watch       follow a run that is still going, by its trajectory file\n"
    "  bench       time what `run` does against the machine's limits; `orrery bench --help` has more\n"
    "  pi          the value of pi by chance: what ways of sharing work over ranks cost\n"
    "  distances   distances between all points of a file: matrix, histogram, nearest, pairs below\n"
    "\n"
    "options:\n"
    "  --help      print this\n"
    "  --version   print the version\n"
    "\n"
    "example: mpirun -n 4 orrery run config/rotation.ini --particles.count 1000000\n";

bool asks_for_help(const std::string& word) {
  return word == "--help" || word == "-h";
}

struct Command {
  const char* name;
  int (*start)(int& argc, char**& argv, const std::vector<std::string>& words);
  std::string (*help)();
};
constexpr std::array commands{Command{"run", &orrery::run, &orrery::run_help},
                              Command{"sweep", &orrery::sweep, &orrery::sweep_help},
                              Command{"info", &orrery::info, &orrery::info_help},
                              Command{"watch", &orrery::watch, &orrery::watch_help},
                              Command{"bench", &orrery::bench, &orrery::bench_help},
                              Command{"pi", &orrery::pi, &orrery::pi_help},

                              Command{"distances", &orrery::distances, &orrery::distances_help}};

int unknown_command(const std::string& word) {
  std::vector<std::string> known{"--help", "--version"};
  for (const auto& command : commands) known.emplace_back(command.name);
  const std::string nearest = orrery::nearest_name(word, known);
  std::cerr << "orrery: unknown command '" << word << "'"
            << (nearest.empty() ? "" : "; did you mean " + nearest + "?")
            << " (`orrery --help` lists the commands)\n";
  return static_cast<int>(orrery::ExitCode::usage);
}

int answer(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() < 2) {
    std::cerr << usage;
    return static_cast<int>(orrery::ExitCode::usage);
  }
  const std::string& word = words[1];
  if (asks_for_help(word) || word == "help") {
    std::cout << usage;
    return 0;
  }
  if (word == "--version") {
    std::cout << "orrery " << orrery::version() << "\n";
    return 0;
  }
  const auto* const command =
      std::find_if(commands.begin(), commands.end(), [&word](const Command& c) { return word == c.name; });
  if (command == commands.end()) return unknown_command(word);
  if (std::any_of(words.begin() + 2, words.end(), asks_for_help)) {
    std::cout << command->help();
    return 0;
  }
  return command->start(argc, argv, words);
}

}  // namespace

int main(int argc, char** argv) {
  orrery::occupy_standard_descriptors();
  const orrery::PrintableOutput results(std::cout);
  const orrery::PrintableOutput messages(std::cerr);
  return orrery::checked_end(answer(argc, argv), std::cout, std::cerr);
}
