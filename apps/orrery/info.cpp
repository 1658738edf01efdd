#include "info.hpp"

#include <iostream>

#include "core/out_of_memory.hpp"
#include "inspect/info.hpp"
#include "inspect/info_command.hpp"

namespace orrery {

int info(int& /*argc*/, char**& /*argv*/, const std::vector<std::string>& words) {
  try {
    return show_info(read_info_command({words.begin() + 2, words.end()}));
  } catch (const std::exception& failure) {
    std::cerr << "orrery: " << message_of(failure) << "\n";
    return static_cast<int>(exit_code_of(failure));
  }
}

}  // namespace orrery
