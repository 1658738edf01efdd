#include "comm/mpi_error.hpp"

#include <mpi.h>

#include <array>
#include <string>

namespace orrery {

void check_mpi(int status, const char* call) {
  if (status == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(status, text.data(), &length);
  throw Error(ExitCode::internal,
              std::string(call) + " failed: " + std::string(text.data(), static_cast<std::size_t>(length)));
}

}  // namespace orrery
