#include "comm/mpi_error.hpp"

#include <mpi.h>

#include <array>
#include <string>

namespace orrery {
namespace {

int class_of(int code) {
  int kind = MPI_ERR_UNKNOWN;
  MPI_Error_class(code, &kind);
  return kind;
}

std::string text_of(int code) {
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

MpiError::MpiError(int code, const char* call)
    : Error(ExitCode::internal, std::string(call) + " failed: " + text_of(code)),
      code_(code),
      class_(class_of(code)) {}

void check_mpi(int status, const char* call) {
  if (status != MPI_SUCCESS) throw MpiError(status, call);
}

}  // namespace orrery
