#include "run.hpp"

#include <unistd.h>

#include <iostream>
#include <optional>
#include <string_view>

#include "configuration/run_command.hpp"
#include "environment_entries.hpp"
#include "observe/forgiving_output.hpp"
#include "on_all_ranks.hpp"
#include "run/run.hpp"
#include "signal_handlers.hpp"

namespace orrery {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// Says what is left of the run, and dies of the signal as if nothing had been said. Only calls that a signal
/// handler may make.
void tell_of_signal(int signal) {
  static constexpr std::string_view message =
      "\norrery: stopped by a signal; the frames finished so far are in the output file\n";
  static_cast<void>(!write(STDERR_FILENO, message.data(), message.size()));
  clean_up_and_die_of(signal);
}

}  // namespace

int run(int& argc, char**& argv, const std::vector<std::string>& words) {
  const ForgivingOutput results(std::cout, STDOUT_FILENO);
  const ForgivingOutput warnings(std::cerr, STDERR_FILENO);
  return on_all_ranks(argc, argv, [&words](const Communicator& ranks) {
    // Not longer than this: once a run has failed, its launcher ends with a signal whatever rank is slow to
    // leave, and that is no news.
    std::optional<SignalHandlers> notice;
    if (ranks.is_root()) notice.emplace(tell_of_signal);
    SimulationOptions options;
    Provenance provenance =
        read_run_command(ranks, {words.begin() + 2, words.end()}, environment_entries(), options, std::cerr);
    provenance.command_line = joined(words);
    simulate(ranks, options, provenance, std::cout, std::cerr);
  });
}

}  // namespace orrery
