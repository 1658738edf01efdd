#include "comm/shared_counter.hpp"

#include <exception>

#include "comm/mpi_error.hpp"

namespace orrery {

SharedCounter::SharedCounter(const Communicator& ranks) {
  std::int64_t* memory = nullptr;
  const MPI_Aint bytes = ranks.is_root() ? sizeof(std::int64_t) : 0;
  check_mpi(MPI_Win_allocate(bytes, sizeof(std::int64_t), MPI_INFO_NULL, ranks.handle_,
                             static_cast<void*>(&memory), &window_),
            "MPI_Win_allocate");
  check_mpi(MPI_Win_set_errhandler(window_, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");
  if (ranks.is_root()) {
    check_mpi(MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, window_), "MPI_Win_lock");
    *memory = 0;
    check_mpi(MPI_Win_unlock(0, window_), "MPI_Win_unlock");
  }
  check_mpi(MPI_Barrier(ranks.handle_), "MPI_Barrier");
  check_mpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_), "MPI_Win_lock_all");
}

SharedCounter::~SharedCounter() {
  if (window_ == MPI_WIN_NULL || std::uncaught_exceptions() > 0) return;  // others may never come
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

std::int64_t SharedCounter::add(std::int64_t value) {
  std::int64_t before = 0;
  check_mpi(MPI_Fetch_and_op(&value, &before, MPI_INT64_T, 0, 0, MPI_SUM, window_), "MPI_Fetch_and_op");
  check_mpi(MPI_Win_flush(0, window_), "MPI_Win_flush");
  return before;
}

}  // namespace orrery
