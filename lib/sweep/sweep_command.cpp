#include "sweep/sweep_command.hpp"

#include "core/error.hpp"

namespace orrery {

void SweepOptions::describe(OptionSet& options) {
  options.add("replicas", replicas, 1, 1'000'000, {"runs with the same values, each with a seed of its own"});
  options.add("ranks-per-run", ranks_per_run, 1, 1'000'000, {"ranks that share a run"});
  options.add("retries", retries, 0, 1000, {"attempts of a run after its first"});
  options.add("out", out, {"directory for runs and summaries; a sweep that is in it goes on"});
  options.add("dry-run", dry_run, {"list the members, and stop"});
}

namespace {

std::string sweep_options_text() {
  return "  --vary                    an option of runs and its values; may be given several times\n" +
         options_text<SweepOptions>();
}

}  // namespace

const Command sweep_command{
    .name = "sweep",
    .summary = "run every combination of some options' values, spread over the ranks",
    .usage =
        "mpirun -n RANKS orrery sweep [CONFIG] --vary KEY=v1,v2,... [--vary KEY=start:stop:count ...]\n"
        "         [--name VALUE ...] [--section.key VALUE ...]\n",
    .purpose =
        "Runs every combination of the varied options, each run with a seed and a directory of its own, on "
        "whichever ranks\n"
        "are free. CONFIG and --section.key are those of `orrery run`. After a stop or a kill the same "
        "command goes on.\n",
    .options = sweep_options_text,
    .notes =
        "exit codes: 0 done, 1 runs failed, 64 command line, 65 particle file, or the journal is of another "
        "sweep, 70 internal\n"
        "error, 74 output, 75 stopped by a signal, 78 configuration file or variable\n",
    .syntax = {.command = "orrery sweep", .option = "--name VALUE"}};

std::vector<std::string> take_sweep_options(const std::vector<std::string>& arguments,
                                            SweepOptions& options) {
  OptionSet set;
  options.describe(set);
  std::vector<std::string> own;
  std::vector<std::string> rest;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const std::string& word = arguments[at];
    const std::string name = word.starts_with("--") ? word.substr(2, word.find('=') - 2) : "";
    const Option* option = set.find(name);
    if (name != "vary" && option == nullptr) {
      rest.push_back(word);
      continue;
    }
    std::vector<std::string> taken{word};
    const bool takes_next = word.find('=') == std::string::npos && (option == nullptr || !option->is_switch);
    if (takes_next && at + 1 < arguments.size()) taken.push_back(arguments[++at]);
    if (option != nullptr) {
      own.insert(own.end(), taken.begin(), taken.end());
    } else if (takes_next && taken.size() == 1) {
      throw Error(ExitCode::usage, "option --vary lacks its KEY=VALUES; see `orrery sweep --help`");
    } else {
      options.variations.push_back(takes_next ? taken[1] : word.substr(word.find('=') + 1));
    }
  }
  read_command(sweep_command, own, set);
  return rest;
}

}  // namespace orrery
