/// The MPI library's life, from start to end of the program.
#pragma once

#include "core/error.hpp"

namespace orrery {

/// Starts MPI when made and ends it when destroyed. One per program, before any other use of MPI.
class Environment {
public:
  /// Only the thread that makes this object will call MPI (MPI_THREAD_FUNNELED); that the library grants it
  /// is checked, and that it left floating-point arithmetic as IEEE 754 wants it (no flush to zero, rounding
  /// to nearest).
  Environment(int& argc, char**& argv);

  /// Ends MPI, unless an exception is on its way out: other ranks may then wait for this one, and finalizing
  /// would wait for them; `abort` is called instead.
  ~Environment();

  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  /// This process among all of the program, and how many there are.
  static int rank();
  static int size();

  /// Ends all ranks at once. For failures that not all ranks know of.
  [[noreturn]] static void abort(ExitCode code);

private:
  int exceptions_at_start_;
};

}  // namespace orrery
