/// Errors of MPI calls.
#pragma once

#include <string>

#include "core/error.hpp"

namespace orrery {

/// A call of MPI that failed.
class MpiError : public Error {
public:
  /// @param code   what the call returned
  MpiError(int code, const char* call);

  /// What the call returned, which may be a code of this MPI library's own.
  int code_of_call() const { return code_; }
  /// The kind of error, one of those that every MPI library has, such as MPI_ERR_TRUNCATE.
  int error_class() const { return class_; }

private:
  int code_;
  int class_;
};

/// Throws `MpiError` with the call's name and MPI's own text unless `status` is MPI_SUCCESS.
void check_mpi(int status, const char* call);

}  // namespace orrery
