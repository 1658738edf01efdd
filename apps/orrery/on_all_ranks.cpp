#include "on_all_ranks.hpp"

#include <csignal>
#include <exception>
#include <iostream>

#include "comm/collective_error.hpp"
#include "comm/environment.hpp"

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

}  // namespace

int on_all_ranks(int& argc, char**& argv, const std::function<void(const Communicator& ranks)>& work) {
  // A file that outgrows the user's limit is to fail with a message, as any other failed write.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const Environment environment(argc, argv);
    try {
      return work_on(Communicator::world(), work);
    } catch (const std::exception& failure) {
      // The other ranks know nothing of it, and may wait for this one.
      std::cerr << "orrery: " << failure.what() << "\n" << std::flush;
      Environment::abort(exit_code_of(failure));
    }
  } catch (const std::exception& failure) {
    std::cerr << "orrery: " << failure.what() << "\n" << std::flush;
    return static_cast<int>(exit_code_of(failure));
  }
}

}  // namespace orrery
