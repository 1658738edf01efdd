#include "observe/memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>

#include "observe/memory_ledger.hpp"

namespace orrery {
namespace {

using testing::ElementsAre;

TEST(Memory, PeakHoldsWhatWasFilledAndGivenBack) {
  constexpr std::size_t size = 64 << 20;
  const auto before = resident_bytes();
  // By hand: a sanitizer's allocator keeps for a while what it is given back.
  void* const pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(pages, MAP_FAILED);
  std::memset(pages, 'x', size);
  ASSERT_EQ(munmap(pages, size), 0);
  EXPECT_GE(peak_resident_bytes(), before + size * 9 / 10);
  EXPECT_LT(resident_bytes(), before + size / 2);
}

TEST(Memory, SharedMemoryIsPartOfWhatIsResident) {
  EXPECT_GT(shared_resident_bytes(), 0U);
  EXPECT_LT(shared_resident_bytes(), resident_bytes());
}

TEST(MemoryLedger, RemembersWhatWasHeldWhenMostWas) {
  MemoryLedger ledger;
  ledger.note("columns", 100);
  ledger.note("source", 50);
  ledger.note("source", 0);
  ledger.note("snapshot", 20);
  EXPECT_THAT(ledger.most(),
              ElementsAre(MemoryItem{"columns", 100}, MemoryItem{"source", 50}, MemoryItem{"snapshot", 0}));
  ledger.note("snapshot", 70);
  EXPECT_THAT(ledger.most(),
              ElementsAre(MemoryItem{"columns", 100}, MemoryItem{"source", 0}, MemoryItem{"snapshot", 70}));
  EXPECT_EQ(sum_of(ledger.most()), 170U);
}

TEST(MemoryLedger, IsEmptyUntilItIsTold) {
  EXPECT_TRUE(MemoryLedger().most().empty());
  EXPECT_EQ(sum_of({}), 0U);
}

}  // namespace
}  // namespace orrery
