#include "bench/bench_command.hpp"

#include "comm/push_values.hpp"
#include "core/nearest_name.hpp"
#include "options/resolve.hpp"

namespace orrery {
namespace {

constexpr const char* rotation = "rotation";
constexpr const char* pairs = "pairs";

void refuse_unless(const std::string& expected, const std::string& benchmark) {
  if (benchmark == expected) return;
  const std::string known = "; `orrery bench --help` tells of those that exist";
  if (benchmark.empty())
    throw Error(ExitCode::usage, "which benchmark? orrery bench rotation, or pairs" + known);
  if (benchmark == pairs)
    throw Error(ExitCode::usage, "the benchmark's name comes before its options: orrery bench pairs" + known);
  const std::string nearest = nearest_name(benchmark, {rotation, pairs});
  throw Error(ExitCode::usage, "unknown benchmark '" + benchmark + "'" +
                                   (nearest.empty() ? known : "; did you mean " + nearest + "?"));
}

template <class Options>
void resolve(const std::vector<std::string>& arguments, const std::string& benchmark, Options& options,
             const OptionSet& set) {
  const CommandLine command_line = read_command_line(arguments, set, bench_command.syntax);
  refuse_unless(benchmark, command_line.word);
  const Winners winners = winners_of(command_line.settings);
  assign(winners, set);
  if (!options.quick) return;
  options.be_quick();
  assign(winners, set);  // what was asked for goes before the defaults of a quick trial
}

template <class Options>
void read_command_of(const Communicator& ranks, const std::vector<std::string>& arguments,
                     const std::string& benchmark, Options& options) {
  OptionSet set;
  options.describe(set);
  set_on_root(ranks, set, [&] { resolve(arguments, benchmark, options, set); });
}

/// The options of both benchmarks.
std::string both_options() {
  BenchOptions quick;
  OptionSet quick_set;
  quick.be_quick();
  quick.describe(quick_set);
  return options_text<BenchOptions>() + "\nWith --quick: --particles " + quick_set.find("particles")->text() +
         " --repeats " + quick_set.find("repeats")->text() +
         "\n"
         "\n"
         "usage: mpirun -n RANKS orrery bench pairs [--name VALUE | --name=VALUE ...]\n"
         "\n"
         "Times whole steps of a melt of Lennard-Jones particles, and where the time goes. Takes about a "
         "minute.\n"
         "\n" +
         options_text<PairsOptions>();
}

}  // namespace

const Command bench_command{
    .name = "bench",
    .summary = "time what `run` does against the machine's limits; `orrery bench --help` has more",
    .usage = "mpirun -n RANKS orrery bench rotation [--name VALUE | --name=VALUE ...]\n",
    .purpose =
        "Times every form of the rotation for several numbers of particles, on one thread and on all, beside "
        "what the\n"
        "machine can do at most (measured in the same run) and what a book measured. Takes about a minute; "
        "leave the\n"
        "machine alone meanwhile.\n",
    .options = both_options,
    .notes = "exit codes: 0 done, 64 command line, 70 internal error, 74 the file cannot be written\n",
    .syntax = {.command = "orrery bench", .option = "--name VALUE", .word = "benchmark"}};

std::string bench_name(const std::vector<std::string>& arguments) {
  return !arguments.empty() && arguments.front() == pairs ? pairs : rotation;
}

void read_bench_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                        BenchOptions& options) {
  read_command_of(ranks, arguments, rotation, options);
}

void read_bench_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                        PairsOptions& options) {
  read_command_of(ranks, arguments, pairs, options);
}

}  // namespace orrery
