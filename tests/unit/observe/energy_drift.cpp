#include "observe/energy_drift.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

TEST(EnergyDrift, IsThatOfTheLastFrameAgainstTheFirst) {
  EnergyWatch watch;
  EXPECT_FALSE(watch.drift(10));
  watch.note(50.0, -500.0, -450.0);
  EXPECT_FALSE(watch.drift(10)) << "one frame tells nothing";
  watch.note(200.0, -640.0, -440.0);
  watch.note(100.0, -548.5, -448.5);
  EXPECT_EQ(watch.drift(10)->per_particle, 0.15);
  EXPECT_EQ(watch.drift(10)->relative, 1.5 / 200.0);
  EXPECT_FALSE(watch.drift(10)->is_too_much());
  watch.note(100.0, -544.0, -444.9);
  EXPECT_TRUE(watch.drift(10)->is_too_much());
  EXPECT_FALSE(watch.drift(0));
}

TEST(EnergyDrift, IsNotMeasuredByAMotionThatHappensToBeNone) {
  EnergyWatch rest;  // two that swing, at their turning points
  rest.note(0.0, -1.0, -1.0);
  rest.note(1e-9, -1.0, -0.9999);
  EXPECT_NEAR(rest.drift(2)->relative, 0.01, 1e-9);
  EnergyWatch nothing;
  nothing.note(0.0, 0.0, 0.0);
  nothing.note(0.0, 0.0, 0.0);
  EXPECT_EQ(nothing.drift(2)->relative, 0.0);
}

}  // namespace
}  // namespace orrery
