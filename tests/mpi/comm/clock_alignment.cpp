#include "comm/clock_alignment.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "world.hpp"

namespace orrery::test {
namespace {

std::int64_t now() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

TEST(ClockAlignment, LeavesTimesOfOneNodeAsTheyAre) {
  ClockAlignment alignment;
  alignment.measure(world());
  alignment.measure(world());
  EXPECT_EQ(alignment.on_root(12'345), 12'345);
}

TEST(ClockAlignment, FindsTheOffsetByAskingTheRoot) {
  // Here the clock is the same in truth, so what is found is the error. Ranks may have to wait for a core in
  // the midst of each round trip.
  ClockAlignment alignment;
  alignment.measure(world(), ClockAlignment::SameNode::is_asked_too);
  const std::int64_t here = now();
  EXPECT_LT(std::abs(alignment.on_root(here) - here), 20'000'000);
}

TEST(ClockAlignment, TakesADriftToBeEven) {
  ClockAlignment alignment;
  EXPECT_EQ(alignment.on_root(7), 7);
  alignment.add(1'000'000, 500);
  EXPECT_EQ(alignment.on_root(1'000'000), 999'500);
  EXPECT_EQ(alignment.on_root(3'000'000), 2'999'500);
  alignment.add(2'000'000, 1500);
  EXPECT_EQ(alignment.on_root(1'000'000), 999'500);
  EXPECT_EQ(alignment.on_root(1'500'000), 1'499'000);
  EXPECT_EQ(alignment.on_root(2'000'000), 1'998'500);
}

}  // namespace
}  // namespace orrery::test
