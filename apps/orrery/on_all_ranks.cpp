#include "on_all_ranks.hpp"

#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

#include "comm/collective_error.hpp"
#include "comm/environment.hpp"
#include "core/brief_waits.hpp"
#include "core/out_of_memory.hpp"
#include "signal_handlers.hpp"

namespace orrery {
namespace {

int work_on(const Communicator& ranks, const std::function<void(const Communicator&)>& work) {
  try {
    work(ranks);
    return static_cast<int>(ExitCode::success);
  } catch (const CollectiveError& failure) {
    if (ranks.is_root()) std::cerr << "orrery: " << failure.what() << "\n" << std::flush;
    return static_cast<int>(failure.code());
  }
}

/// Says what went wrong on this rank alone, as far as it knows. What is short on one rank, memory above all,
/// is short on others too: ranks that fail a moment after the root are ended before they say the same.
void tell_for_all(const std::exception& failure) {
  constexpr std::chrono::milliseconds moment(500);
  std::string where;
  if (Environment::size() > 1) {
    where =
        "rank " + std::to_string(Environment::rank()) + " of " + std::to_string(Environment::size()) + ": ";
    if (Environment::rank() > 0) std::this_thread::sleep_for(moment);
  }
  std::cerr << "orrery: " + where + message_of(failure) + "\n" << std::flush;
}

/// For what is thrown where nothing can be: the other ranks know nothing of it.
[[noreturn]] void end_with_message() {
  ExitCode code = ExitCode::internal;
  try {
    if (const auto failure = std::current_exception()) std::rethrow_exception(failure);
    std::cerr << "orrery: internal error: the program was asked to end\n" << std::flush;
  } catch (const std::exception& failure) {
    code = exit_code_of(failure);
    std::cerr << "orrery: " << message_of(failure) << "\n" << std::flush;
  } catch (...) {
    std::cerr << "orrery: internal error: something unknown was thrown\n" << std::flush;
  }
  Environment::abort(code);
}

}  // namespace

int on_all_ranks(int& argc, char**& argv, const std::function<void(const Communicator& ranks)>& work) {
  wait_briefly(argv);
  keep_memory_for_words();
  std::set_terminate(end_with_message);
  // A file that outgrows the user's limit is to fail with a message, as any other failed write.
  std::signal(SIGXFSZ, SIG_IGN);
  const SignalHandlers handlers(clean_up_and_die_of);
  try {
    const Environment environment(argc, argv);
    try {
      return work_on(Communicator::world(), work);
    } catch (const std::exception& failure) {
      tell_for_all(failure);
      if (Environment::size() == 1) return static_cast<int>(exit_code_of(failure));
      // The other ranks know nothing of it, and may wait for this one.
      Environment::abort(exit_code_of(failure));
    }
  } catch (const std::exception& failure) {
    std::cerr << "orrery: " << message_of(failure) << "\n" << std::flush;
    return static_cast<int>(exit_code_of(failure));
  }
}

}  // namespace orrery
