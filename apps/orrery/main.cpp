/// The program: finds the subcommand and hands over.

#include <algorithm>
#include <array>
#include <iostream>
#include <string>
#include <vector>

#include "bench.hpp"
#include "bench/bench_command.hpp"
#include "configuration/run_command.hpp"
#include "core/error.hpp"
#include "core/nearest_name.hpp"
#include "core/option_set.hpp"
#include "core/printable_output.hpp"
#include "core/version.hpp"
#include "distances.hpp"
#include "distances/distances_command.hpp"
#include "info.hpp"
#include "inspect/info_command.hpp"
#include "inspect/watch_command.hpp"
#include "options/command.hpp"
#include "pi.hpp"
#include "run.hpp"
#include "sweep.hpp"
#include "sweep/sweep_command.hpp"
#include "watch.hpp"
#include "yardsticks/pi_command.hpp"

namespace {

bool asks_for_help(const std::string& word) {
  return word == "--help" || word == "-h";
}

struct Start {
  const orrery::Command& command;
  int (*start)(int& argc, char**& argv, const std::vector<std::string>& words);
};
constexpr std::array commands{Start{orrery::run_command, &orrery::run},
                              Start{orrery::sweep_command, &orrery::sweep},
                              Start{orrery::info_command, &orrery::info},
                              Start{orrery::watch_command, &orrery::watch},
                              Start{orrery::bench_command, &orrery::bench},
                              Start{orrery::pi_command, &orrery::pi},
                              Start{orrery::distances_command, &orrery::distances}};

std::string usage() {
  std::string text =
      "usage: orrery COMMAND ...\n"
      "\n"
      "A distributed particle simulator.\n"
      "\n"
      "commands:\n";
  constexpr std::size_t name_width = 12;
  for (const auto& [command, start] : commands) {
    std::string name = command.name;
    name.resize(name_width, ' ');
    text += "  " + name + command.summary + "\n";
  }
  return text +
         "\n"
         "options:\n"
         "  --help      print this\n"
         "  --version   print the version\n"
         "\n"
         "example: mpirun -n 4 orrery run config/rotation.ini --particles.count 1000000\n";
}

int unknown_command(const std::string& word) {
  std::vector<std::string> known{"--help", "--version"};
  for (const auto& command : commands) known.emplace_back(command.command.name);
  const std::string nearest = orrery::nearest_name(word, known);
  std::cerr << "orrery: unknown command '" << word << "'"
            << (nearest.empty() ? "" : "; did you mean " + nearest + "?")
            << " (`orrery --help` lists the commands)\n";
  return static_cast<int>(orrery::ExitCode::usage);
}

int answer(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() < 2) {
    std::cerr << usage();
    return static_cast<int>(orrery::ExitCode::usage);
  }
  const std::string& word = words[1];
  if (asks_for_help(word) || word == "help") {
    std::cout << usage();
    return 0;
  }
  if (word == "--version") {
    std::cout << "orrery " << orrery::version() << "\n";
    return 0;
  }
  const auto* const command = std::find_if(commands.begin(), commands.end(),
                                           [&word](const Start& each) { return word == each.command.name; });
  if (command == commands.end()) return unknown_command(word);
  if (std::any_of(words.begin() + 2, words.end(), asks_for_help)) {
    std::cout << orrery::help_page(command->command);
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
