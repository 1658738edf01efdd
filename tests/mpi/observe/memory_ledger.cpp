#include "observe/memory_ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace orrery::test {
namespace {

TEST(MemoryLedger, AddsUpWhatEachRankHeldWhenItHeldMost) {
  MemoryLedger ledger;
  ledger.note("columns", 100);
  ledger.note("source", world().is_root() ? 50 : 0);
  ledger.note("source", 0);
  ledger.note("snapshot", 20);
  ledger.note("nothing", 0);
  // The root held most with the source, the others with the snapshot.
  const auto others = static_cast<std::uint64_t>(world().size() - 1);
  std::vector<MemoryItem> expected{{"columns", 100 + 100 * others}, {"source", 50}};
  if (others > 0) expected.push_back({"snapshot", 20 * others});
  EXPECT_EQ(most_over(ledger, world()), expected);
}

}  // namespace
}  // namespace orrery::test
