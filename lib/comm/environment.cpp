#include "comm/environment.hpp"

#include <mpi.h>

#include <cfenv>
#include <cstdlib>
#include <exception>

#include "comm/mpi_error.hpp"
#include "comm/polite_wait.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace orrery {
namespace {

/// A shared library built with -ffast-math switches denormal numbers off for the whole process when it is
/// loaded.
void check_arithmetic() {
  bool as_ieee = std::fegetround() == FE_TONEAREST;
#if defined(__x86_64__)
  constexpr unsigned flush_to_zero_or_denormals_are_zero = 0x8040;
  as_ieee = as_ieee && (_mm_getcsr() & flush_to_zero_or_denormals_are_zero) == 0;
#endif
  if (!as_ieee) {
    throw Error(ExitCode::internal,
                "floating-point arithmetic was changed by a library loaded at start (flush to zero, or "
                "rounding other than to "
                "nearest), so results would not repeat; look for preloaded libraries");
  }
}

/// A process that no launcher started is alone. Open MPI would start a daemon for it and look for networks
/// all the same, which takes a third of a second; settings that the user made go before these.
void keep_to_itself_if_alone() {
  for (const char* set_by_launchers : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"}) {
    if (std::getenv(set_by_launchers) != nullptr) return;
  }
  constexpr int keep_what_is_set = 0;
  setenv("OMPI_MCA_ess_singleton_isolated", "1", keep_what_is_set);
  setenv("OMPI_MCA_pml", "ob1", keep_what_is_set);
  setenv("OMPI_MCA_btl", "self", keep_what_is_set);
  // It would make a directory that all such processes share, and fails where another removes it just then.
  setenv("OMPI_MCA_orte_create_session_dirs", "0", keep_what_is_set);
}

/// Open MPI may hand the processor on at every look for messages. Beside a busy program each of these costs a
/// whole slice of that one's time, so `PoliteWait` sleeps instead; but where there are more ranks than
/// processors it is the quickest way to the rank that is waited for. What the user set, stays.
void let_us_wait_ourselves() {
  if (is_crowded()) return;
  constexpr int keep_what_is_set = 0;
  setenv("OMPI_MCA_mpi_yield_when_idle", "0", keep_what_is_set);
}

}  // namespace

Environment::Environment(int& argc, char**& argv) : exceptions_at_start_(std::uncaught_exceptions()) {
  keep_to_itself_if_alone();
  let_us_wait_ourselves();
  int provided = MPI_THREAD_SINGLE;
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  check_mpi(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  if (provided < MPI_THREAD_FUNNELED) {
    throw Error(ExitCode::internal,
                "this MPI library allows no threads beside the one that calls it; use another build of it");
  }
  check_arithmetic();
}

Environment::~Environment() {
  if (std::uncaught_exceptions() > exceptions_at_start_) abort(ExitCode::internal);
  MPI_Finalize();
}

int Environment::rank() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int Environment::size() {
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

void Environment::abort(ExitCode code) {
  int has_begun = 0, has_ended = 0;
  MPI_Initialized(&has_begun);
  MPI_Finalized(&has_ended);
  if (has_begun == 0 || has_ended != 0) std::_Exit(static_cast<int>(code));
  MPI_Abort(MPI_COMM_WORLD, static_cast<int>(code));
  std::abort();
}

}  // namespace orrery
