#include "comm/communicator.hpp"

#include <gmock/gmock.h>

#include <numeric>
#include <stdexcept>

#include "world.hpp"

namespace orrery::test {
namespace {

using testing::ElementsAre;

/// A value that says which rank and which item it is, so that a wrong one tells where it came from.
std::int64_t labelled(int rank, std::int64_t item) {
  return rank * 1'000'000 + item;
}

/// The world, with messages cut after so many bytes.
Communicator world_with_limit(std::size_t bytes) {
  std::vector<int> all(static_cast<std::size_t>(world().size()));
  std::iota(all.begin(), all.end(), 0);
  auto copy = world().subset(all);
  copy->set_message_limit(bytes);
  return std::move(*copy);
}

TEST(Communicator, PushesTheRootsValueToAll) {
  for (int root = 0; root < world().size(); ++root) {
    std::int64_t value = labelled(world().rank(), 1);
    world().push(value, root);
    EXPECT_EQ(value, labelled(root, 1));
    std::string text = world().rank() == root ? "hello" : "something longer than that";
    world().push(text, root);
    EXPECT_EQ(text, "hello");
    std::vector<int> items(world().rank() == root ? 3 : 0, root);
    world().push(items, root);
    EXPECT_THAT(items, ElementsAre(root, root, root));
  }
}

TEST(Communicator, RepeatsMessagesWithWhatIsInTheBufferAtTheTime) {
  for (const std::size_t limit : {std::size_t{24}, std::size_t{1} << 30}) {
    const Communicator ranks = world_with_limit(limit);
    const int next = (ranks.rank() + 1) % ranks.size(),
              last = (ranks.rank() + ranks.size() - 1) % ranks.size();
    for (const std::size_t count : {0U, 1U, 11U, 3000U}) {
      std::vector<std::int64_t> received(count), expected(count);
      const auto owned = std::make_shared<std::vector<std::int64_t>>(count);
      auto& sent = *owned;
      RepeatedMessage receive =
          ranks.repeat_receive(std::as_writable_bytes(std::span(received)), last, Tag::frame);
      RepeatedMessage send = ranks.repeat_send(std::as_bytes(std::span(sent)), next, Tag::frame, owned);
      EXPECT_TRUE(receive.done());
      for (std::int64_t time = 0; time < 5; ++time) {
        receive.start();
        std::iota(sent.begin(), sent.end(), labelled(ranks.rank(), 10'000 * time));
        send.start();
        if (time % 2 == 0) receive.wait();
        while (!receive.done()) continue;
        send.wait();
        EXPECT_TRUE(send.done());
        std::iota(expected.begin(), expected.end(), labelled(last, 10'000 * time));
        EXPECT_EQ(received, expected);
      }
      // What is under way when it goes out of scope ends by itself.
      RepeatedMessage moved = std::move(receive);
      moved.start();
      send.start();
    }
  }
}

TEST(Communicator, TakesBackAReceiveThatNothingIsSentFor) {
  const int to = (world().rank() + 1) % world().size();
  const int from = (world().rank() + world().size() - 1) % world().size();
  auto sent = std::make_shared<std::vector<std::byte>>(9), old = std::make_shared<std::vector<std::byte>>(20);
  std::vector<std::byte> received(9);
  {
    RepeatedMessage expected = world().repeat_receive(*old, from, Tag::ghosts);
    expected.cancel();  // which was not started
    expected.start();
    expected.cancel();
    EXPECT_TRUE(expected.done());
    expected.start();
    expected.cancel();
  }
  std::int64_t all = 1;  // no rank sends before all have taken theirs back
  world().sum(std::span(&all, 1));
  RepeatedMessage receive = world().repeat_receive(received, from, Tag::ghosts);
  RepeatedMessage send = world().repeat_send(*sent, to, Tag::ghosts, sent);
  for (int time = 0; time < 3; ++time) {
    receive.start();
    if (time == 1) {
      receive.cancel();
      world().sum(std::span(&all, 1));
      receive.start();
    }
    std::fill(sent->begin(), sent->end(), static_cast<std::byte>(10 * time + world().rank()));
    send.start();
    send.wait();
    receive.wait();
    EXPECT_EQ(received, std::vector<std::byte>(9, static_cast<std::byte>(10 * time + from)));
    world().sum(std::span(&all, 1));
  }
}

TEST(Communicator, PullsOneValueFromEachRank) {
  const auto values = world().pull(labelled(world().rank(), 7));
  ASSERT_EQ(std::ssize(values), world().is_root() ? world().size() : 0);
  for (int rank = 0; rank < std::ssize(values); ++rank)
    EXPECT_EQ(values[static_cast<std::size_t>(rank)], labelled(rank, 7));
  const auto texts = world().pull(std::string(static_cast<std::size_t>(world().rank()), 'x'));
  for (std::size_t rank = 0; rank < texts.size(); ++rank) EXPECT_EQ(texts[rank], std::string(rank, 'x'));
}

TEST(Communicator, ScattersEvenlyAndGathersInOrder) {
  for (const std::size_t limit : {std::size_t{7}, std::size_t{64}, std::size_t{1} << 30}) {
    const Communicator ranks = world_with_limit(limit);
    for (const std::int64_t count : {0, 1, 2, 3, 11, 1000}) {
      for (int root = 0; root < ranks.size(); root += 2) {
        std::vector<std::int64_t> items(static_cast<std::size_t>(ranks.rank() == root ? count : 0));
        std::iota(items.begin(), items.end(), 100);
        const auto mine = ranks.scatter(std::span<const std::int64_t>(items), root);
        const Range part = EvenSplit(count, ranks.size()).part(ranks.rank());
        EXPECT_EQ(std::ssize(mine), part.size());
        if (!mine.empty()) {
          EXPECT_EQ(mine.front(), 100 + part.begin);
          EXPECT_EQ(mine.back(), 99 + part.end);
        }
        EXPECT_EQ(ranks.gather(std::span<const std::int64_t>(mine), root), items);
      }
    }
  }
}

TEST(Communicator, GathersPartsOfAnySize) {
  std::vector<std::int64_t> part;
  for (int item = 0; item < world().rank() * 3; ++item) part.push_back(labelled(world().rank(), item));
  const auto all = world().gather(std::span<const std::int64_t>(part));
  if (!world().is_root()) return;
  std::vector<std::int64_t> expected;
  for (int rank = 0; rank < world().size(); ++rank) {
    for (int item = 0; item < rank * 3; ++item) expected.push_back(labelled(rank, item));
  }
  EXPECT_EQ(all, expected);
}

TEST(Communicator, CutsMessagesThatExceedTheLimit) {
  const Communicator ranks = world_with_limit(5);
  std::vector<std::int64_t> items(1000);
  if (ranks.is_root()) std::iota(items.begin(), items.end(), 0);
  ranks.push(items);
  EXPECT_EQ(items[999], 999);
  // To the next rank and from the one before, a message that is no multiple of the limit.
  const int to = (ranks.rank() + 1) % ranks.size();
  const int from = (ranks.rank() + ranks.size() - 1) % ranks.size();
  const auto sent = std::make_shared<std::vector<std::byte>>(17, static_cast<std::byte>(ranks.rank()));
  std::vector<std::byte> received(17);
  Request receive = ranks.start_receive(received, from, Tag::frame);
  Request send = ranks.start_send(*sent, to, Tag::frame, sent);
  send.wait();
  receive.wait();
  EXPECT_EQ(received, std::vector<std::byte>(17, static_cast<std::byte>(from)));
}

TEST(Communicator, MapsASequenceInOrder) {
  for (const int count : {0, 1, 5, 23}) {
    std::vector<int> items(static_cast<std::size_t>(world().is_root() ? count : 0));
    std::iota(items.begin(), items.end(), 1);
    const auto squares = world().map([](const int& item) { return static_cast<double>(item) * item; },
                                     std::span<const int>(items));
    ASSERT_EQ(squares.size(), items.size());
    for (std::size_t index = 0; index < squares.size(); ++index)
      EXPECT_EQ(squares[index], items[index] * items[index]);
  }
}

TEST(Communicator, WorksOverAChosenSubset) {
  std::vector<int> odd;
  for (int rank = world().size() - 1; rank >= 0; --rank) {
    if (rank % 2 == 1) odd.push_back(rank);
  }
  const auto subset = world().subset(odd);
  EXPECT_EQ(subset.has_value(), world().rank() % 2 == 1);
  if (!subset) return;
  EXPECT_EQ(subset->size(), std::ssize(odd));
  EXPECT_EQ(odd[static_cast<std::size_t>(subset->rank())], world().rank())
      << "ranks keep the order asked for";
  const auto ranks = subset->gather(std::span<const int>(std::array{world().rank()}));
  if (subset->is_root()) {
    EXPECT_EQ(ranks, odd);
  }
  EXPECT_EQ(subset->apply([] { return 5; }), 5);
}

TEST(Communicator, AppliesOnceOnEveryRank) {
  int calls = 0;
  EXPECT_EQ(world().apply([&] { return ++calls; }), 1);
  world().apply([&] { ++calls; });
  EXPECT_EQ(calls, 2);
}

TEST(Communicator, TellsAllRanksOfEveryFailure) {
  if (world().size() < 2) GTEST_SKIP() << "needs two ranks that differ";
  const int last = world().size() - 1;
  for (int round = 0; round < 3; ++round) {
    try {
      world().apply([&] {
        if (world().is_root()) throw Error(ExitCode::output, "no room");
        if (world().rank() == last) throw std::runtime_error("broken");
      });
      ADD_FAILURE() << "no error";
    } catch (const CollectiveError& error) {
      EXPECT_THAT(error.failures(), ElementsAre(RankFailure{0, ExitCode::output, "no room"},
                                                RankFailure{last, ExitCode::internal, "broken"}));
      EXPECT_EQ(error.code(), ExitCode::output);
    }
  }
  // Nothing of it is left behind.
  EXPECT_NO_THROW(world().apply([] { world().check_alarm(); }));
}

TEST(Communicator, InterruptsRanksThatWaitForOneThatFailed) {
  if (world().size() < 2) GTEST_SKIP() << "needs a rank that waits";
  const int failing = world().size() - 1;
  try {
    world().apply([&] {
      if (world().rank() == failing) throw Error(ExitCode::simulation_failed, "lost a particle");
      world().wait_until([] { return false; });  // for something that never comes
    });
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_THAT(error.failures(),
                ElementsAre(RankFailure{failing, ExitCode::simulation_failed, "lost a particle"}));
  }
}

TEST(Communicator, PassesFailuresInsideAMapOn) {
  std::vector<int> items(world().is_root() ? 10 : 0, 1);
  const auto fail = [](const int& item) -> int {
    if (item == 1) throw std::runtime_error("item 1");
    return item;
  };
  EXPECT_THROW(world().map(fail, std::span<const int>(items)), CollectiveError);
}

TEST(Communicator, SumsWholeNumbersAndFindsExtremes) {
  const std::int64_t size = world().size();
  std::array<std::int64_t, 2> values{1, world().rank()};
  world().sum(values);
  EXPECT_THAT(values, ElementsAre(size, size * (size - 1) / 2));
  std::array<double, 1> extreme{static_cast<double>(world().rank())};
  world().maximum(extreme);
  EXPECT_EQ(extreme[0], static_cast<double>(size - 1));
  extreme[0] = static_cast<double>(world().rank());
  world().minimum(extreme);
  EXPECT_EQ(extreme[0], 0.0);
}

TEST(Communicator, TellsOneValueOfEachRankToAll) {
  struct Odd {  // of no size that MPI has a type for
    std::array<char, 5> text;
    std::int64_t number;
    bool operator==(const Odd&) const = default;
  };
  const auto odd_of = [](int rank) {
    return Odd{{'r', 'a', 'n', 'k', static_cast<char>('0' + rank)}, labelled(rank, 3)};
  };
  const auto values = world().pull_everywhere(odd_of(world().rank()));
  ASSERT_EQ(std::ssize(values), world().size());
  for (int rank = 0; rank < world().size(); ++rank)
    EXPECT_EQ(values[static_cast<std::size_t>(rank)], odd_of(rank));
}

TEST(Communicator, SumsInPiecesWhereOneMessageCannotCarryAll) {
  const Communicator ranks = world_with_limit(20);
  std::vector<std::int64_t> values(33);
  std::iota(values.begin(), values.end(), ranks.rank());
  ranks.sum(values);
  const std::int64_t size = ranks.size();
  for (std::int64_t at = 0; at < std::ssize(values); ++at)
    EXPECT_EQ(values[static_cast<std::size_t>(at)], at * size + size * (size - 1) / 2);
}

TEST(Communicator, SumsModulo) {
  const auto rank = static_cast<std::uint64_t>(world().rank()),
             size = static_cast<std::uint64_t>(world().size());
  std::array<std::uint64_t, 2> values{std::uint64_t{1} << 63U, ~std::uint64_t{0} - rank};
  world().sum_modulo(values);
  EXPECT_EQ(values[0], size % 2 == 0 ? 0U : std::uint64_t{1} << 63U);
  EXPECT_EQ(values[1], 0U - size - size * (size - 1) / 2);
}

TEST(Communicator, FindsTheRanksOfItsNode) {
  // All ranks of this test run on one node.
  EXPECT_EQ(world().same_node().size(), world().size());
}

TEST(Communicator, SplitsIntoSeveralGroupsAtOnce) {
  // 0 1 | 2 3 | ..., and an odd one left over in none.
  const int pairs = world().size() / 2;
  const int part = world().rank() / 2 < pairs ? world().rank() / 2 : -1;
  const auto group = world().split(part);
  ASSERT_EQ(group.has_value(), part >= 0);
  if (!group) return;
  EXPECT_EQ(group->size(), 2);
  EXPECT_EQ(group->rank(), world().rank() % 2);
  std::int64_t sum = world().rank();
  group->sum(std::span(&sum, 1));
  EXPECT_EQ(sum, 4 * part + 1) << "ranks of one group only";
}

TEST(Communicator, TakesMessagesOfUnknownLengthFromAnyRank) {
  for (const std::size_t limit : {std::size_t{8}, std::size_t{100}, std::size_t{1} << 30}) {
    const Communicator ranks = world_with_limit(limit);
    // Rank r sends the root r messages, of 0, 1000, 2000 ... bytes that say whose they are.
    std::vector<Request> sends;
    for (int number = 0; number < ranks.rank(); ++number) {
      sends.push_back(ranks.start_message(std::vector<std::byte>(static_cast<std::size_t>(number) * 1000,
                                                                 static_cast<std::byte>(ranks.rank())),
                                          0, Tag::farm_result));
    }
    EXPECT_FALSE(ranks.take_message(Tag::farm_order)) << "of another tag";
    if (ranks.is_root()) {
      std::vector<int> taken(static_cast<std::size_t>(ranks.size()));
      for (int left = ranks.size() * (ranks.size() - 1) / 2; left > 0;) {
        const auto message = ranks.take_message(Tag::farm_result);
        if (!message) continue;
        const int number = taken[static_cast<std::size_t>(message->from)]++;
        EXPECT_EQ(message->data, std::vector<std::byte>(static_cast<std::size_t>(number) * 1000,
                                                        static_cast<std::byte>(message->from)));
        --left;
      }
      EXPECT_FALSE(ranks.take_message(Tag::farm_result));
    }
    for (auto& send : sends) send.wait();
  }
}

TEST(Communicator, KeepsTheMessagesOfADuplicateApart) {
  const Communicator other = world().duplicate();
  EXPECT_EQ(other.rank(), world().rank());
  const int to = (world().rank() + 1) % world().size();
  Request send = other.start_message({std::byte{1}}, to, Tag::farm_order);
  std::optional<Message> message;
  while (!message) {
    EXPECT_FALSE(world().take_message(Tag::farm_order));
    message = other.take_message(Tag::farm_order);
  }
  EXPECT_EQ(message->data.size(), 1U);
  send.wait();
}

}  // namespace
}  // namespace orrery::test
