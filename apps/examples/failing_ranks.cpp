/// What is seen when three of four ranks fail.
///
///     mpirun -n 4 build/bin/example_failing_ranks

#include <iostream>
#include <string>

#include "comm/communicator.hpp"
#include "comm/environment.hpp"

int main(int argc, char** argv) {
  const orrery::Environment environment(argc, argv);
  const auto ranks = orrery::Communicator::world();
  try {
    ranks.apply([&] {
      if (ranks.rank() == 0) {
        ranks.wait_until([] { return false; });  // for a word from the others, which never comes
      }
      throw orrery::Error(orrery::ExitCode::output,
                          "no room on disk " + std::to_string(ranks.rank()) + "; make some");
    });
  } catch (const orrery::CollectiveError& failure) {
    // All ranks come here, those that did not fail as well, and know the same.
    if (ranks.is_root()) std::cout << failure.what() << "\n";
    if (ranks.is_root()) std::cout << "exit code " << static_cast<int>(failure.code()) << "\n";
  }
  return 0;
}
