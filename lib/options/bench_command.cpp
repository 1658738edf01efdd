#include "options/bench_command.hpp"

#include "options/option_sources.hpp"
#include "options/option_text.hpp"
#include "options/resolve.hpp"

namespace orrery {
namespace {

/// The only benchmark there is so far.
constexpr const char* rotation = "rotation";

void refuse_unless_known(const std::string& benchmark) {
  if (benchmark == rotation) return;
  const std::string known = "; `orrery bench --help` tells of those that exist";
  if (benchmark.empty()) throw Error(ExitCode::usage, "which benchmark? orrery bench rotation" + known);
  const std::string nearest = nearest_name(benchmark, {rotation});
  throw Error(ExitCode::usage, "unknown benchmark '" + benchmark + "'" +
                                   (nearest.empty() ? known : "; did you mean " + nearest + "?"));
}

void resolve(const std::vector<std::string>& arguments, BenchOptions& options, const OptionSet& set) {
  const CommandLine command_line = read_command_line(
      arguments, set, {.command = "orrery bench", .option = "--name VALUE", .word = "benchmark"});
  refuse_unless_known(command_line.word);
  const Winners winners = winners_of(command_line.settings);
  assign(winners, set);
  if (!options.quick) return;
  options.be_quick();
  assign(winners, set);  // what was asked for goes before the defaults of a quick trial
}

}  // namespace

std::string bench_help() {
  BenchOptions options;
  OptionSet set;
  options.describe(set);
  BenchOptions quick;
  OptionSet quick_set;
  quick.be_quick();
  quick.describe(quick_set);
  return "usage: mpirun -n RANKS orrery bench rotation [--name VALUE | --name=VALUE ...]\n"
         "\n"
         "Times every form of the rotation for several numbers of particles, on one thread and on all, "
         "beside "
         "what the\n"
         "machine can do at most (measured in the same run) and what a book measured. Takes about a minute; "
         "leave the\n"
         "machine alone meanwhile.\n"
         "\n" +
         help_text(set) +
         "\n"
         "With --quick: --particles " +
         quick_set.find("particles")->text() + " --repeats " + quick_set.find("repeats")->text() +
         "\n"
         "\n"
         "exit codes: 0 done, 64 command line, 70 internal error, 74 the file cannot be written\n";
}

void read_bench_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                        BenchOptions& options) {
  OptionSet set;
  options.describe(set);
  ranks.apply([&] {
    if (ranks.is_root()) resolve(arguments, options, set);
  });
  push_values(ranks, set);
}

}  // namespace orrery
