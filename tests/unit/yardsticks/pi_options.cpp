#include "yardsticks/pi_options.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

TEST(PiOptions, DealsOutAllSamplesOnce) {
  for (const std::uint64_t samples :
       {1ULL, 1000ULL, 262144ULL, 262145ULL, 10'000'000'000ULL, 10'000'000'000'000ULL}) {
    PiOptions options;
    options.samples = samples;
    const std::int64_t last = options.task_count() - 1;
    EXPECT_EQ(options.samples_of(0).begin, 0);
    EXPECT_FALSE(options.samples_of(last).empty());
    EXPECT_EQ(options.samples_of(last).end, static_cast<std::int64_t>(samples));
    if (last > 0) {
      EXPECT_EQ(options.samples_of(1).begin, options.samples_of(0).end);
    }
    EXPECT_LE(options.task_count(), 10'000) << "tasks are large where there are many samples";
  }
}

TEST(PiOptions, BoundsTheNumberOfTasks) {
  PiOptions options;
  options.chunk = 1;
  options.samples = 10'000'000;
  EXPECT_NO_THROW(options.validate());
  options.samples += 1;
  EXPECT_THROW(options.validate(), OptionConflict);
}

TEST(PiOptions, RefusesWhatAMapDoesNotHave) {
  PiOptions options;
  options.via = PiVia::map;
  EXPECT_NO_THROW(options.validate());
  options.journal = "pi.journal";
  EXPECT_THROW(options.validate(), OptionConflict);
  options.journal.clear();
  options.batch = 1;
  EXPECT_THROW(options.validate(), OptionConflict);
}

}  // namespace
}  // namespace orrery
