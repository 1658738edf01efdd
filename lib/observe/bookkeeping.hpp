/// What one rank writes down while it runs, and reports at the end.
#pragma once

#include "observe/memory_ledger.hpp"
#include "observe/phase_clock.hpp"
#include "observe/timeline.hpp"

namespace orrery {

struct Bookkeeping {
  Bookkeeping() = default;
  Bookkeeping(const Bookkeeping&) = delete;
  Bookkeeping& operator=(const Bookkeeping&) = delete;

  Timeline timeline;           ///< when every thread did what, if that is wanted
  PhaseClock clock{timeline};  ///< where the main thread's time goes
  MemoryLedger memory;         ///< where the memory goes
};

}  // namespace orrery
