/// What many ranks send each other when they fail, counted.
#include "simulated_ranks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace orrery::test {
namespace {

TEST(SimulatedRanks, DoWhatCommunicatorsPromise) {
  run_on_simulated_ranks(37, [](const Communicator& world) {
    const std::int64_t rank = world.rank(), size = world.size();
    std::int64_t sum = rank;
    world.sum(std::span(&sum, 1));
    EXPECT_EQ(sum, size * (size - 1) / 2);
    const auto everywhere = world.pull_everywhere(rank * rank);
    for (std::size_t of = 0; of < everywhere.size(); ++of)
      EXPECT_EQ(everywhere[of], static_cast<std::int64_t>(of * of));
    std::vector<std::int64_t> to(static_cast<std::size_t>(size));
    std::iota(to.begin(), to.end(), 1000 * rank);
    const auto from = world.exchange(to);
    for (std::int64_t other = 0; other < size; ++other)
      EXPECT_EQ(from[static_cast<std::size_t>(other)], 1000 * other + rank);
    // Of different sizes, in the order of ranks.
    std::vector<std::int64_t> mine(static_cast<std::size_t>(rank), rank);
    const auto all = world.gather(std::span<const std::int64_t>(mine), 5);
    EXPECT_EQ(std::ssize(all), rank == 5 ? size * (size - 1) / 2 : 0);
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
    const auto odd = world.split(static_cast<int>(rank % 2));
    EXPECT_EQ(odd->size(), rank % 2 == 0 ? 19 : 18);
    EXPECT_EQ(odd->pull_everywhere(rank)[3], 6 + rank % 2);
  });
}

TEST(SimulatedRanks, GetAnErrorWhereAllWaitForGood) {
  EXPECT_THROW(
      run_on_simulated_ranks(3,
                             [](const Communicator& world) {
                               std::byte never{};
                               world.start_receive({&never, 1}, (world.rank() + 1) % 3, Tag::frame).wait();
                             }),
      Error);
}

TEST(SimulatedRanks, SendLogarithmicallyManyMessagesWhenAllFail) {
  for (const int size : {1, 2, 3, 64, 216, 1000}) {
    const auto sent = run_on_simulated_ranks(size, [](const Communicator& world) {
      EXPECT_THROW(world.apply([&] { throw std::runtime_error("rank " + std::to_string(world.rank())); }),
                   CollectiveError);
    });
    const auto log2 = static_cast<int>(std::bit_width(static_cast<unsigned>(size - 1)));
    for (const SentByRank& rank : sent) EXPECT_LE(rank.messages, log2 + 1) << size;
  }
}

TEST(SimulatedRanks, AllHearOfOneThatFailed) {
  const int size = 216;
  const auto sent = run_on_simulated_ranks(size, [](const Communicator& world) {
    try {
      world.apply([&] {
        if (world.rank() == 77) throw std::runtime_error("broken");
        world.wait_until([] { return false; });
      });
      ADD_FAILURE() << "no failure";
    } catch (const CollectiveError& error) {
      EXPECT_EQ(error.failures().size(), 1U);
      EXPECT_EQ(error.failures().front().rank, 77);
    }
  });
  for (const SentByRank& rank : sent) EXPECT_LE(rank.messages, 9);
}

}  // namespace
}  // namespace orrery::test
