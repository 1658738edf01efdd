#include "comm/polite_wait.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

#include "core/processors.hpp"

namespace orrery {
namespace {

double seconds_of_this_thread() {
  struct timespec time {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

TEST(PoliteWait, LeavesTheProcessorToWhoeverWantsIt) {
  const std::vector<int> before = bound_processors();
  ASSERT_TRUE(bind_to_processors({before.front()}));
  std::atomic<bool> is_over = false;
  std::thread busy([&is_over] {  // on the same processor
    while (!is_over) continue;
  });
  constexpr double wall = 0.6;
  const auto start = std::chrono::steady_clock::now();
  const double used_before = seconds_of_this_thread();
  wait_politely(
      [&] { return std::chrono::steady_clock::now() - start > std::chrono::duration<double>(wall); });
  const double used = seconds_of_this_thread() - used_before;
  is_over = true;
  busy.join();
  bind_to_processors(before);
  // A fair share would be half of it.
  EXPECT_LT(used, 0.3 * wall);
}

TEST(PoliteWait, EndsWhenThereIsNothingToWaitFor) {
  int looks = 0;
  wait_politely([&looks] { return ++looks == 3; });
  EXPECT_EQ(looks, 3);
}

}  // namespace
}  // namespace orrery
