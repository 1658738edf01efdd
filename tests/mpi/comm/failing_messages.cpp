/// Messages on their way while an exception unwinds, and how many there are when ranks fail. Some calls of
/// MPI are replaced here, as its profiling interface allows: sends are counted, and MPI_Startall starts the
/// last request first.

#include <gmock/gmock.h>

#include <cstring>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "comm/communicator.hpp"
#include "comm/mpi_error.hpp"
#include "world.hpp"

namespace {

int sends = 0;

}  // namespace

extern "C" int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm ranks,
                         MPI_Request* request) {
  ++sends;
  return PMPI_Isend(data, count, type, to, tag, ranks, request);
}

extern "C" int MPI_Startall(int count, MPI_Request* requests) {
  for (int index = count - 1; index >= 0; --index) PMPI_Start(requests + index);
  return MPI_SUCCESS;
}

namespace orrery::test {
namespace {

using Numbers = std::vector<std::int64_t>;

/// Long enough for MPI to read from the memory until the other end takes it.
constexpr std::size_t many = std::size_t{1} << 19U;

std::span<const std::byte> bytes_of(const std::shared_ptr<Numbers>& numbers) {
  return std::as_bytes(std::span(std::as_const(*numbers)));
}

/// Numbers that say whose they are, and that are overwritten when nobody owns them any more.
std::shared_ptr<Numbers> numbers_of(int rank) {
  std::shared_ptr<Numbers> numbers(new Numbers(many), [](Numbers* old) {
    std::fill(old->begin(), old->end(), -1);
    delete old;
  });
  std::iota(numbers->begin(), numbers->end(), 1'000'000'000L * rank);
  return numbers;
}

/// Takes what a rank sent, which is nobody else's by now.
void expect_numbers_from(int from, const Communicator& ranks, Tag tag) {
  Numbers received(many, 0);
  ranks.start_receive(std::as_writable_bytes(std::span(received)), from, tag).wait();
  Numbers expected(many);
  std::iota(expected.begin(), expected.end(), 1'000'000'000L * from);
  EXPECT_TRUE(received == expected) << "from rank " << from << ", first " << received.front();
}

TEST(FailingMessages, LeaveTheMemoryOfASendAliveWhileAnExceptionUnwinds) {
  if (world().size() < 3) GTEST_SKIP() << "needs a rank that sends, one that receives, and one that throws";
  const int thrower = world().size() - 1;
  std::weak_ptr<Numbers> once, again;
  EXPECT_THROW(world().apply([&] {
    if (world().rank() == thrower) throw std::runtime_error("broken");
    if (!world().is_root()) return;
    const auto numbers = numbers_of(0), repeated = numbers_of(0);
    once = numbers;
    again = repeated;
    Request send = world().start_send(bytes_of(numbers), 1, Tag::particles, numbers);
    RepeatedMessage repeat = world().repeat_send(bytes_of(repeated), 1, Tag::frame, repeated);
    repeat.start();
    world().wait_until([] { return false; });  // until the failure is heard of
  }),
               CollectiveError);
  if (world().is_root()) {
    EXPECT_FALSE(once.expired() || again.expired());
    EXPECT_EQ(sends_put_aside(), 2U);
  }
  std::int64_t nothing = 0;
  world().sum(std::span(&nothing, 1));  // only then is it received
  if (world().is_root()) {
    while (sends_put_aside() > 0) std::this_thread::yield();
    EXPECT_TRUE(once.expired() && again.expired()) << "memory goes when nobody reads it";
  } else if (world().rank() == 1) {
    expect_numbers_from(0, world(), Tag::particles);
    expect_numbers_from(0, world(), Tag::frame);
  }
}

TEST(FailingMessages, LeaveThatOfAMessageThatTellsItsLengthToo) {
  if (world().size() < 3) GTEST_SKIP() << "needs a rank that sends, one that receives, and one that throws";
  const int thrower = world().size() - 1;
  const std::vector<std::byte> data(many, std::byte{7});
  EXPECT_THROW(world().apply([&] {
    if (world().rank() == thrower) throw std::runtime_error("broken");
    if (!world().is_root()) return;
    const Request send = world().start_message(data, 1, Tag::farm_result);
    world().wait_until([] { return false; });
  }),
               CollectiveError);
  if (world().is_root()) {
    while (sends_put_aside() > 0) std::this_thread::yield();
  } else if (world().rank() == 1) {
    std::optional<Message> message;
    while (!message) message = world().take_message(Tag::farm_result);
    EXPECT_EQ(message->data, data);
  }
}

TEST(FailingMessages, StartPartsInTurnWhateverTheOrderOfStartall) {
  std::vector<int> all(static_cast<std::size_t>(world().size()));
  std::iota(all.begin(), all.end(), 0);
  auto ranks = world().subset(all);
  ranks->set_message_limit(40);
  const int next = (ranks->rank() + 1) % ranks->size(),
            last = (ranks->rank() + ranks->size() - 1) % ranks->size();
  const auto sent = std::make_shared<Numbers>(1003);
  Numbers received(sent->size()), expected(sent->size());
  RepeatedMessage receive =
      ranks->repeat_receive(std::as_writable_bytes(std::span(received)), last, Tag::frame);
  RepeatedMessage send = ranks->repeat_send(bytes_of(sent), next, Tag::frame, sent);
  for (std::int64_t time = 0; time < 3; ++time) {
    std::iota(sent->begin(), sent->end(), 1000 * time + 100'000 * ranks->rank());
    std::iota(expected.begin(), expected.end(), 1000 * time + 100'000 * last);
    receive.start();
    send.start();
    send.wait();
    receive.wait();
    EXPECT_EQ(received, expected);
  }
}

int log2_of(int size) {
  int steps = 0;
  while ((1 << steps) < size) ++steps;
  return steps;
}

TEST(FailingMessages, AreFewWhenAllRanksFailAtOnce) {
  sends = 0;
  try {
    world().apply([] { throw Error(ExitCode::output, "no room on rank " + std::to_string(world().rank())); });
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    ASSERT_EQ(std::ssize(error.failures()), world().size());
    for (int rank = 0; rank < world().size(); ++rank) {
      EXPECT_EQ(error.failures()[static_cast<std::size_t>(rank)],
                (RankFailure{rank, ExitCode::output, "no room on rank " + std::to_string(rank)}));
    }
  }
  // An alarm to each rank that is a power of two away, and what is known to one.
  EXPECT_LE(sends, log2_of(world().size()) + 1);
}

TEST(FailingMessages, PassAlarmsOnFromRanksThatAreDone) {
  // Of seven ranks, the last that fails tells 0, 1 and 3; 2, 4 and 5 hear it from those, of which 0 and 1
  // have nothing more to do.
  const int failing = world().size() - 1;
  for (int round = 0; round < 20; ++round) {
    EXPECT_THROW(world().apply([&] {
      if (world().rank() == failing) throw std::runtime_error("broken");
      if (world().rank() < 2) return;
      world().wait_until([] { return false; });
    }),
                 CollectiveError);
  }
  EXPECT_NO_THROW(world().apply([] { world().check_alarm(); })) << "nothing of it is left behind";
}

TEST(MpiError, KeepsTheCodeOfTheCall) {
  try {
    world().send({}, 0, Tag::clock);  // which is no message at all
    const std::byte one{};
    world().send({&one, 1}, world().size(), Tag::clock);
    ADD_FAILURE() << "no error";
  } catch (const MpiError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("MPI_Isend failed: MPI_ERR_RANK"));
    EXPECT_EQ(error.code(), ExitCode::internal);
    EXPECT_EQ(error.error_class(), MPI_ERR_RANK);
    EXPECT_EQ(error.code_of_call(), MPI_ERR_RANK);
  }
}

}  // namespace
}  // namespace orrery::test
