#include "yardsticks/pi_command.hpp"

#include "comm/push_values.hpp"

namespace orrery {

const Command pi_command{.name = "pi",
                         .summary = "the value of pi by chance: what ways of sharing work over ranks cost",
                         .usage = "mpirun -n RANKS orrery pi [--name VALUE | --name=VALUE ...]\n",
                         .purpose =
                             "The value of pi by chance: random points of a square, and how many of them lie "
                             "in its circle. The hits are the\n"
                             "same on any number of ranks and threads; what differs is the time, which shows "
                             "what ways of sharing work cost.\n",
                         .options = options_text<PiOptions>,
                         .notes =
                             "exit codes: 0 done, 1 tasks failed, 64 command line, 65 the journal is no "
                             "journal, or of other samples, 70 internal\n"
                             "error, 74 the journal cannot be written, 75 stopped by a signal\n",
                         .syntax = {.command = "orrery pi", .option = "--name VALUE", .word = "command"},
                         .word = CommandWord::none};

void read_pi_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                     PiOptions& options) {
  OptionSet set;
  options.describe(set);
  set_on_root(ranks, set, [&] {
    read_command(pi_command, arguments, set, [&](const std::string&) { options.validate(); });
  });
}

}  // namespace orrery
