#include "farm/task_queue.hpp"

#include <gmock/gmock.h>

#include "core/error.hpp"

namespace orrery {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(TaskQueue, HandsOutInAscendingOrderUntilNothingIsLeft) {
  TaskQueue queue(TaskGraph(5), 3, 2);
  EXPECT_EQ(queue.ready(), 5);
  EXPECT_THAT(queue.take(0, 2), ElementsAre(0, 1));
  EXPECT_THAT(queue.take(1, 10), ElementsAre(2, 3, 4));
  EXPECT_THAT(queue.take(1, 10), IsEmpty());
  for (const std::int64_t task : {3, 1, 0, 4}) queue.finish(task);
  EXPECT_FALSE(queue.all_resolved());
  queue.finish(2);
  EXPECT_TRUE(queue.all_resolved());
  EXPECT_EQ(queue.done(), 5);
}

TEST(TaskQueue, OfNothingIsResolvedAtOnce) {
  EXPECT_TRUE(TaskQueue(TaskGraph(0), 1, 1).all_resolved());
}

TEST(TaskQueue, HoldsBackTasksThatWait) {
  TaskGraph graph(4);
  graph.require(0, 3);
  graph.require(2, 0);
  graph.require(2, 1);
  graph.require(2, 1);  // said twice
  TaskQueue queue(graph, 1, 1);
  EXPECT_EQ(queue.ready(), 2);
  EXPECT_THAT(queue.take(0, 10), ElementsAre(1, 3));
  queue.finish(1);
  EXPECT_EQ(queue.ready(), 0);
  queue.finish(3);
  EXPECT_THAT(queue.take(0, 10), ElementsAre(0));
  queue.finish(0);
  EXPECT_THAT(queue.take(0, 10), ElementsAre(2));
}

TEST(TaskQueue, GivesAFailedTaskToAnotherTeamFirst) {
  TaskQueue queue(TaskGraph(1), 4, 3);
  EXPECT_THAT(queue.take(1, 1), ElementsAre(0));
  EXPECT_FALSE(queue.fail(0, 1, {1, "a"}));
  EXPECT_FALSE(queue.has_for(1));
  EXPECT_THAT(queue.take(1, 1), IsEmpty());
  EXPECT_THAT(queue.take(2, 1), ElementsAre(0));
  EXPECT_FALSE(queue.fail(0, 2, {2, "b"}));
  EXPECT_TRUE(queue.only_for(0)) << "it has failed on all others";
  EXPECT_THAT(queue.take(0, 1), ElementsAre(0));
  EXPECT_FALSE(queue.fail(0, 0, {0, "c"}));
  EXPECT_FALSE(queue.has_for(0)) << "it has failed everywhere, but here last";
  EXPECT_THAT(queue.take(1, 1), ElementsAre(0));
  EXPECT_TRUE(queue.fail(0, 1, {1, "d"}));
  EXPECT_TRUE(queue.all_resolved());
  EXPECT_EQ(queue.retries(), 3);
  ASSERT_THAT(queue.failed(), SizeIs(1));
  EXPECT_THAT(queue.failed()[0].attempts,
              ElementsAre(Attempt{1, "a"}, Attempt{2, "b"}, Attempt{0, "c"}, Attempt{1, "d"}));
}

TEST(TaskQueue, LetsASingleTeamTryAgain) {
  TaskQueue queue(TaskGraph(2), 2, 1);
  queue.take(0, 1);
  queue.fail(0, 0, {0, "a"});
  EXPECT_THAT(queue.take(0, 2), ElementsAre(0, 1)) << "what failed comes first";
}

TEST(TaskQueue, GivesUpAllThatDependsOnAFailure) {
  TaskGraph graph(5);
  graph.require(1, 0);
  graph.require(2, 1);
  graph.require(3, 0);
  graph.require(3, 4);
  TaskQueue queue(graph, 1, 1);
  queue.take(0, 10);
  queue.finish(4);
  EXPECT_TRUE(queue.fail(0, 0, {0, "lost"}));
  EXPECT_TRUE(queue.all_resolved());
  ASSERT_THAT(queue.not_run(), SizeIs(3));
  for (const auto& task : queue.not_run()) EXPECT_EQ(task.failed, 0) << task.task;
  EXPECT_TRUE(queue.is_lost(0) && queue.is_lost(2) && !queue.is_lost(4));
}

TEST(TaskQueue, HandsOutNothingOnceCancelled) {
  TaskQueue queue(TaskGraph(4), 3, 2);
  queue.take(0, 3);
  queue.cancel();
  EXPECT_THAT(queue.take(0, 3), IsEmpty());
  queue.finish(0);
  queue.drop(1);
  EXPECT_FALSE(queue.fail(2, 0, {0, "late"}));
  EXPECT_TRUE(queue.all_resolved()) << "there are no more attempts";
  EXPECT_THAT(queue.not_run(), SizeIs(3));
  EXPECT_THAT(queue.failed(), IsEmpty());
}

TEST(TaskQueue, KnowsWhatEarlierRunsDid) {
  TaskGraph graph(4);
  graph.require(1, 0);
  graph.require(3, 2);
  TaskQueue queue(graph, 2, 2);
  queue.finish(0);
  for (int run = 0; run < 2; ++run) queue.fail_earlier(2, {run, "hung"});
  EXPECT_THAT(queue.take(0, 10), ElementsAre(1));
  queue.finish(1);
  EXPECT_TRUE(queue.all_resolved());
  EXPECT_THAT(queue.failed(), SizeIs(1));
  EXPECT_THAT(queue.not_run(), SizeIs(1));
}

TEST(TaskGraph, RefusesWhatCannotBe) {
  TaskGraph graph(3);
  EXPECT_THROW(graph.require(0, 3), Error);
  EXPECT_THROW(graph.require(-1, 0), Error);
  graph.require(2, 2);
  EXPECT_THROW(graph.dependants(), Error);
  EXPECT_THROW(TaskGraph(-1), Error);
}

}  // namespace
}  // namespace orrery
