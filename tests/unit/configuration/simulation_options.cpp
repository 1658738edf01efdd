#include "configuration/simulation_options.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

std::int64_t steps(double end, double step) {
  return TimeOptions{.step = step, .end = end}.step_count();
}

TEST(StepCount, RoundsWhereBinaryFractionsFallShort) {
  EXPECT_LT(0.3 / 1e-5, 30'000);  // the trap
  EXPECT_EQ(steps(0.3, 1e-5), 30'000);
  EXPECT_EQ(steps(0.1, 1e-5), 10'000);
  EXPECT_EQ(steps(0.0, 1e-5), 0);
  EXPECT_EQ(steps(1e5, 1e-5), 10'000'000'000);
}

TEST(StepCount, IsRightForEveryDecimalEndAndStep) {
  for (int exponent = 1; exponent <= 7; ++exponent) {
    const double step = std::stod("1e-" + std::to_string(exponent));
    for (int count = 1; count < 3000; count += 7) {
      const double end = std::stod(std::to_string(count) + "e-" + std::to_string(exponent));
      EXPECT_EQ(steps(end, step), count) << end << " " << step;
    }
  }
}

TEST(StepCount, RefusesALastShortStepAndNamesTheNeighbours) {
  try {
    steps(0.05, 7e-5);
    FAIL() << "no error";
  } catch (const OptionConflict& conflict) {
    EXPECT_NE(std::string(conflict.what()).find("0.04998 or 0.05005"), std::string::npos) << conflict.what();
  }
  EXPECT_THROW(steps(1.0, 0.3), OptionConflict);
  EXPECT_THROW(steps(1e-6, 1e-5), OptionConflict);
  EXPECT_THROW(steps(1.0000001, 1e-5), OptionConflict);
  EXPECT_THROW(steps(1e300, 1e-300), OptionConflict);
}

TEST(SimulationOptions, AreValidByDefault) {
  EXPECT_NO_THROW(SimulationOptions().validate());
}

TEST(SimulationOptions, HaveHelpAndAReadableDefaultForEveryKey) {
  SimulationOptions options;
  OptionSet set;
  options.describe(set);
  for (const auto& option : set.options()) {
    EXPECT_FALSE(option.help.empty()) << option.key;
    EXPECT_TRUE(option.assign(option.default_text)) << option.key;
  }
}

}  // namespace
}  // namespace orrery
