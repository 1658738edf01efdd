#include "comm/polite_wait.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <thread>

#include "core/processors.hpp"

namespace orrery {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Most waits are shorter, and cost nothing beside looking.
constexpr microseconds brief{20};
/// The same where there are more ranks than processors: Open MPI hands the processor on to another rank at
/// every look, which is quicker than any sleep.
constexpr microseconds brief_in_a_crowd{2000};
/// Between two looks, where nothing came between: another process may have had the processor.
constexpr microseconds long_for_a_look{200};
constexpr milliseconds remembered{100};
constexpr microseconds shortest_sleep{20};
constexpr microseconds longest_sleep{500};

/// Until when others are taken to want the processor. One thread alone waits for MPI.
Clock::time_point shared_until{};

/// How often this thread had to leave the processor to others.
long switches_to_others() {
  struct rusage usage {};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

}  // namespace

bool is_crowded() {
  const char* const ranks = std::getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
  static const bool crowded =
      ranks != nullptr && std::strtol(ranks, nullptr, 10) > std::ssize(launcher_processors());
  return crowded;
}

void PoliteWait::rest() {
  const auto now = Clock::now();
  if (start_ == Clock::time_point()) start_ = last_look_ = now;
  const auto waited = now - start_;
  if (waited >= (is_crowded() ? brief_in_a_crowd : brief)) {
    if (switches_ < 0) {
      switches_ = switches_to_others();
    } else if (now - last_look_ >= long_for_a_look && now >= shared_until &&
               switches_to_others() != switches_) {
      shared_until = now + remembered;
    }
    if (now < shared_until || is_crowded()) {
      std::this_thread::sleep_for(std::clamp<Clock::duration>(waited / 8, shortest_sleep, longest_sleep));
      last_look_ = Clock::now();
      return;
    }
  }
  last_look_ = now;
}

}  // namespace orrery
