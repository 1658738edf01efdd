/// Waiting for messages on a machine that others use too.
#pragma once

#include <chrono>

namespace orrery {

/// Between two looks at whether something has come. While no other process wants the processor, there is no
/// pause. Once another thread or program was given it instead, which the system counts, this and all waits of
/// the next tenth of a second sleep between looks: a process that wakes up gets the processor before those
/// that never slept, and meanwhile it does something useful. Where there are more ranks than processors, the
/// first two milliseconds are left to Open MPI, which hands the processor on to another rank at every look.
class PoliteWait {
public:
  void rest();

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_{};
  Clock::time_point last_look_{};
  long switches_ = -1;  ///< of the processor to others, when this wait had become long
};

/// Whether this node has more ranks than processors for them: then there is always another that wants one.
bool is_crowded();

/// Looks until something is done. Local.
template <class Done>
void wait_politely(const Done& done) {
  PoliteWait wait;
  while (!done()) wait.rest();
}

}  // namespace orrery
