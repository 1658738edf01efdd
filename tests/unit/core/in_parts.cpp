#include "core/in_parts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace orrery {
namespace {

TEST(InParts, VisitsEveryItemOnceInPartsThatAreInOrder) {
  for (const std::int64_t items : {0, 1, 100, 5000, 6144, 100001}) {
    for (const int threads : {1, 2, 3, 7}) {
      std::mutex guard;
      std::vector<Range> parts(static_cast<std::size_t>(threads));
      int calls = 0;
      in_parts(items, threads, [&](int part, Range range) {
        const std::lock_guard lock(guard);
        parts.at(static_cast<std::size_t>(part)) = range;
        ++calls;
      });
      ASSERT_GE(calls, 1);
      ASSERT_LE(calls, threads);
      EXPECT_EQ(parts.front().begin, 0);
      EXPECT_EQ(parts[static_cast<std::size_t>(calls) - 1].end, items);
      for (int part = 1; part < calls; ++part)
        EXPECT_EQ(parts[static_cast<std::size_t>(part)].begin, parts[static_cast<std::size_t>(part) - 1].end);
    }
  }
}

TEST(InParts, WakesNoOtherThreadForFewItems) {
  int calls = 0;
  in_parts(2000, 4, [&](int, Range range) {
    ++calls;
    EXPECT_EQ(range.size(), 2000);
  });
  EXPECT_EQ(calls, 1);
  std::vector<int> visited(4, 0);
  in_parts(100000, 4, [&](int part, Range) { visited[static_cast<std::size_t>(part)] = 1; });
  EXPECT_EQ(std::count(visited.begin(), visited.end(), 1), 4);
}

TEST(InParts, ThrowsAgainWhatAPartThrew) {
  for (const std::int64_t items : {10, 100000}) {
    for (const std::int64_t wrong : {std::int64_t{0}, items - 1}) {
      const auto work = [&](int, Range range) {
        if (wrong >= range.begin && wrong < range.end) throw std::runtime_error("a part");
      };
      EXPECT_THROW(in_parts(items, 3, work), std::runtime_error) << items << ", " << wrong;
    }
  }
}

}  // namespace
}  // namespace orrery
