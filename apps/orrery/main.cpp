/// The program: finds the subcommand and hands over.

#include <iostream>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/option_set.hpp"
#include "core/version.hpp"
#include "options/run_command.hpp"
#include "run.hpp"

namespace {

constexpr const char* usage =
    "usage: orrery COMMAND ...\n"
    "\n"
    "A distributed particle simulator.\n"
    "\n"
    "commands:\n"
    "  run         evolve particles and write their trajectory; `orrery run --help` lists its options\n"
    "\n"
    "options:\n"
    "  --help      print this\n"
    "  --version   print the version\n"
    "\n"
    "example: mpirun -n 4 orrery run config/rotation.ini --particles.count 1000000\n";

bool asks_for_help(const std::string& word) {
  return word == "--help" || word == "-h";
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() < 2) {
    std::cerr << usage;
    return static_cast<int>(orrery::ExitCode::usage);
  }
  const std::string& command = words[1];
  if (asks_for_help(command) || command == "help") {
    std::cout << usage;
    return 0;
  }
  if (command == "--version") {
    std::cout << "orrery " << orrery::version() << "\n";
    return 0;
  }
  if (command == "run") {
    for (std::size_t index = 2; index < words.size(); ++index) {
      if (!asks_for_help(words[index])) continue;
      std::cout << orrery::run_help();
      return 0;
    }
    return orrery::run(argc, argv, words);
  }
  const std::string nearest = orrery::nearest_name(command, {"run", "--help", "--version"});
  std::cerr << "orrery: unknown command '" << command << "'"
            << (nearest.empty() ? "" : "; did you mean " + nearest + "?")
            << " (`orrery --help` lists the commands)\n";
  return static_cast<int>(orrery::ExitCode::usage);
}
