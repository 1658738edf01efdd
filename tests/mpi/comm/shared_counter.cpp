#include "comm/shared_counter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "world.hpp"

namespace orrery::test {
namespace {

TEST(SharedCounter, TellsNoTwoRanksTheSame) {
  constexpr std::int64_t each = 2000;
  SharedCounter counter(world());
  std::vector<std::int64_t> told;
  for (std::int64_t addition = 0; addition < each; ++addition) told.push_back(counter.add(1));
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  auto all = world().gather(std::span<const std::int64_t>(told));
  EXPECT_EQ(counter.read(), each * world().size()) << "none is lost";
  std::sort(all.begin(), all.end());
  std::vector<std::int64_t> expected(all.size());
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
}

TEST(SharedCounter, TakesWhatThreadsHaveAddedUp) {
  SharedCounter counter(world());
  std::atomic<std::int64_t> mine = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 3; ++thread)
      threads.emplace_back([&mine] {
        for (int addition = 0; addition < 1000; ++addition) ++mine;
      });
  }
  counter.add(mine);
  world().apply([] {});
  EXPECT_EQ(counter.read(), 3000 * world().size());
}

}  // namespace
}  // namespace orrery::test
