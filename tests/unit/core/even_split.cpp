#include "core/even_split.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace orrery {
namespace {

std::vector<std::int64_t> sizes(std::int64_t items, int parts) {
  std::vector<std::int64_t> all;
  for (int part = 0; part < parts; ++part) all.push_back(EvenSplit(items, parts).part(part).size());
  return all;
}

TEST(EvenSplit, DealsElevenItemsOverFourPartsAsThreeThreeThreeTwo) {
  EXPECT_THAT(sizes(11, 4), testing::ElementsAre(3, 3, 3, 2));
}

TEST(EvenSplit, LeavesLastPartsEmptyWhenItemsAreFewerThanParts) {
  EXPECT_THAT(sizes(2, 4), testing::ElementsAre(1, 1, 0, 0));
}

TEST(EvenSplit, HasOnlyEmptyPartsWithoutItems) {
  EXPECT_THAT(sizes(0, 3), testing::ElementsAre(0, 0, 0));
}

TEST(EvenSplit, CoversAllItemsInOrderWithSizesThatDifferByAtMostOne) {
  for (std::int64_t items = 0; items < 60; ++items) {
    for (int parts = 1; parts < 20; ++parts) {
      const EvenSplit split(items, parts);
      std::int64_t next = 0;
      for (int part = 0; part < parts; ++part) {
        const Range range = split.part(part);
        EXPECT_EQ(range.begin, next);
        EXPECT_GE(range.size(), items / parts);
        EXPECT_LE(range.size(), (items + parts - 1) / parts);
        for (std::int64_t item = range.begin; item < range.end; ++item) EXPECT_EQ(split.owner(item), part);
        next = range.end;
      }
      EXPECT_EQ(next, items);
    }
  }
}

TEST(EvenSplit, CountsBeyondThirtyTwoBits) {
  const EvenSplit split(10'000'000'000'007, 3);
  EXPECT_EQ(split.part(2).end, 10'000'000'000'007);
  EXPECT_EQ(split.owner(10'000'000'000'006), 2);
}

TEST(Overlap, IsEmptyForRangesThatDoNotMeet) {
  EXPECT_EQ(overlap({0, 5}, {3, 9}), (Range{3, 5}));
  EXPECT_TRUE(overlap({0, 3}, {5, 9}).empty());
}

}  // namespace
}  // namespace orrery
