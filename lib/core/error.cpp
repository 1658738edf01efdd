#include "core/error.hpp"

#include <new>
#include <system_error>

namespace orrery {

ExitCode exit_code_of(const std::exception& failure) {
  const auto* error = dynamic_cast<const Error*>(&failure);
  return error != nullptr ? error->code() : ExitCode::internal;
}

void ensure(bool fact, const char* what) {
  if (!fact) throw Error(ExitCode::internal, std::string("internal error: ") + what);
}

std::string system_message(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace orrery
