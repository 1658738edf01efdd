/// Errors of MPI calls.
#pragma once

#include "core/error.hpp"

namespace orrery {

/// Throws `Error(internal)` with the call's name and MPI's own text unless `status` is MPI_SUCCESS.
void check_mpi(int status, const char* call);

}  // namespace orrery
