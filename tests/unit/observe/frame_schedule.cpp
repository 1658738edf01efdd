#include "observe/frame_schedule.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace orrery {
namespace {

std::vector<std::int64_t> steps_of(const FrameSchedule& schedule) {
  std::vector<std::int64_t> steps;
  for (std::int64_t frame = 0; frame < schedule.count(); ++frame) steps.push_back(schedule.step_of(frame));
  return steps;
}

using testing::ElementsAre;

TEST(FrameSchedule, HasFirstAndLastWhenNoIntervalIsGiven) {
  EXPECT_THAT(steps_of({100, 0}), ElementsAre(0, 100));
}

TEST(FrameSchedule, HasAFrameAtEveryInterval) {
  EXPECT_THAT(steps_of({100, 25}), ElementsAre(0, 25, 50, 75, 100));
}

TEST(FrameSchedule, EndsWithTheLastStepEvenOffTheInterval) {
  EXPECT_THAT(steps_of({100, 40}), ElementsAre(0, 40, 80, 100));
  EXPECT_THAT(steps_of({100, 99}), ElementsAre(0, 99, 100));
  EXPECT_THAT(steps_of({100, 1000}), ElementsAre(0, 100));
}

TEST(FrameSchedule, HasOneFrameWithoutSteps) {
  EXPECT_THAT(steps_of({0, 0}), ElementsAre(0));
  EXPECT_THAT(steps_of({0, 10}), ElementsAre(0));
}

TEST(FrameSchedule, CutsAllStepsIntoIntervals) {
  const FrameSchedule schedule(100, 40);
  EXPECT_TRUE(schedule.interval_before(0).empty());
  EXPECT_EQ(schedule.interval_before(3), (Range{80, 100}));
}

}  // namespace
}  // namespace orrery
