#include "watch.hpp"

#include <iostream>

#include "core/out_of_memory.hpp"
#include "inspect/watch.hpp"
#include "inspect/watch_command.hpp"

namespace orrery {

int watch(int& /*argc*/, char**& /*argv*/, const std::vector<std::string>& words) {
  try {
    return follow_run(read_watch_command({words.begin() + 2, words.end()}));
  } catch (const std::exception& failure) {
    std::cerr << "orrery: " << message_of(failure) << "\n";
    return static_cast<int>(exit_code_of(failure));
  }
}

}  // namespace orrery
