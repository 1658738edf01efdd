#include "bench/rotation_timing.hpp"

#include <gtest/gtest.h>

#include "bench/rotation_case.hpp"

namespace orrery {
namespace {

constexpr RepeatRules rules{.repeats = 5, .least_seconds = 0.05, .most_seconds = 0.5};

TEST(CallsPerRepeat, MakeARepeatLastLongEnough) {
  EXPECT_EQ(calls_per_repeat(0.001, rules), 50);
  EXPECT_EQ(calls_per_repeat(0.0011, rules), 46);
  EXPECT_EQ(calls_per_repeat(1e-8, rules), 5'000'000);
}

TEST(CallsPerRepeat, AreOneWhereACallIsLong) {
  EXPECT_EQ(calls_per_repeat(0.05, rules), 1);
  EXPECT_EQ(calls_per_repeat(7.0, rules), 1);
}

TEST(StepsPerCall, AreThoseOfTheCaseForFewParticles) {
  EXPECT_EQ(steps_per_call(1e-9, rules), RotationCase::steps);
  EXPECT_EQ(steps_per_call(1e-5, rules), RotationCase::steps);
}

TEST(StepsPerCall, AreAsManyAsTimeAllows) {
  EXPECT_EQ(steps_per_call(1e-3, rules), 500);
}

TEST(StepsPerCall, AreAHundredAtLeast) {
  EXPECT_EQ(steps_per_call(0.1, rules), 100);
}

TEST(RotationTiming, TellsTimeFractionAndJump) {
  const RotationTiming timing{.form = "circle",
                              .particles = 1000,
                              .steps = 10'000,
                              .is_closed = true,
                              .ns_per_particle_step = {.least = 0.003, .median = 0.004, .most = 0.005},
                              .limit_ns_per_particle_step = 0.001};
  EXPECT_DOUBLE_EQ(timing.case_seconds(), 0.004e-9 * 1e7);
  EXPECT_DOUBLE_EQ(timing.fraction_of_limit(), 0.25);
  EXPECT_DOUBLE_EQ(timing.ns_per_jump(), 40.0);
}

}  // namespace
}  // namespace orrery
