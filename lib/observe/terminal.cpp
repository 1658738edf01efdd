#include "observe/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace orrery {

bool output_is_watched() {
  const bool launched_by_open_mpi = std::getenv("OMPI_COMM_WORLD_RANK") != nullptr;
  if (!launched_by_open_mpi) return isatty(STDOUT_FILENO) == 1;
  const std::string launcher_output = "/proc/" + std::to_string(getppid()) + "/fd/1";
  const int descriptor = open(launcher_output.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool watched = isatty(descriptor) == 1;
  close(descriptor);
  return watched;
}

}  // namespace orrery
