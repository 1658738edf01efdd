/// A whole number that all ranks add to, exactly, without meeting.
#pragma once

#include <mpi.h>

#include <cstdint>

#include "comm/communicator.hpp"

namespace orrery {

/// Lives in the root's memory; additions are made there one at a time by MPI, so none is lost. On one node
/// they need nothing of the root; from other nodes they may take until it next calls MPI, unless the network
/// adds by itself.
class SharedCounter {
public:
  /// Begins at 0. Collective.
  explicit SharedCounter(const Communicator& ranks);
  /// Collective.
  ~SharedCounter();
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  /// Adds, and says what the number was before: of several ranks that each add 1, no two are told the same.
  /// Local; for the thread that calls MPI. Threads add up among themselves first.
  std::int64_t add(std::int64_t value);

  /// The number as it is by now. Local.
  std::int64_t read() { return add(0); }

private:
  MPI_Win window_ = MPI_WIN_NULL;
};

}  // namespace orrery
