#include "farm/chunking.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

TaskTimes times_of(double seconds, int count = 100) {
  TaskTimes times;
  for (int task = 0; task < count; ++task) times.add(seconds, seconds);
  return times;
}

TEST(Chunking, BeginsWithSingleTasks) {
  EXPECT_EQ(chunk_size(TaskTimes(), 0, 1'000'000, 4), 1);
}

TEST(Chunking, FillsAMillisecondWithShortTasks) {
  EXPECT_NEAR(static_cast<double>(chunk_size(times_of(10e-6), 0, 1'000'000, 4)), 100, 1);
  EXPECT_EQ(chunk_size(times_of(1.0), 0, 1'000'000, 4), 1);
  EXPECT_EQ(chunk_size(times_of(0.0), 0, 1'000'000'000, 4), 4096) << "but results are to flow";
}

TEST(Chunking, ShrinksTowardsTheEnd) {
  EXPECT_EQ(chunk_size(times_of(1e-6), 0, 800, 4), 100);
  EXPECT_EQ(chunk_size(times_of(1e-6), 0, 7, 4), 1);
}

TEST(Chunking, KeepsToTheSizeAskedFor) {
  EXPECT_EQ(chunk_size(times_of(1e-6), 5, 7, 4), 5);
  EXPECT_EQ(chunk_size(TaskTimes(), 5, 1'000'000, 4), 5);
}

TEST(Chunking, HandsShortTasksOutAheadAndLongOnesOnlyWhereTheRootIsBusy) {
  EXPECT_NEAR(static_cast<double>(tasks_ahead(times_of(10e-6), 100, false)), 100 + 400, 1);
  EXPECT_EQ(tasks_ahead(times_of(1.0), 1, false), 1);
  EXPECT_EQ(tasks_ahead(times_of(1.0), 1, true), 2);
  TaskTimes uneven = times_of(0.1);
  uneven.add(0.35, 0.35);
  EXPECT_EQ(tasks_ahead(uneven, 1, true), 1 + 4) << "as many as the root's task may be long";
}

TEST(Chunking, ForgetsATaskThatWasHeldUp) {
  TaskTimes times = times_of(1e-3);
  times.add(1.0, 1.0);
  EXPECT_EQ(times.long_stretch(), 1.0);
  for (int task = 0; task < 200; ++task) times.add(1e-3, 1e-3);
  EXPECT_EQ(times.long_stretch(), 1e-3);
  EXPECT_EQ(times.longest(), 1.0);
  EXPECT_NEAR(times.mean(), 1e-3 + 1.0 / 301, 1e-4);
}

}  // namespace
}  // namespace orrery
