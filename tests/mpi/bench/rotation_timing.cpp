#include "bench/rotation_timing.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "bench/repeats.hpp"
#include "bench/rotation_case.hpp"
#include "bench/rotation_forms.hpp"
#include "core/even_split.hpp"
#include "core/stopwatch.hpp"
#include "world.hpp"

namespace orrery::test {
namespace {

constexpr RepeatRules quick{.repeats = 3, .least_seconds = 0.001, .most_seconds = 0.002};

TEST(SecondsPerCall, AreThoseOfTheSlowestRank) {
  const auto work = [](std::int64_t calls) {
    const Stopwatch watch;
    const double seconds = 0.002 * world().rank() * static_cast<double>(calls);
    while (watch.seconds() < seconds) continue;
  };
  const Spread spread = seconds_per_call(world(), quick, 2, work);
  EXPECT_GE(spread.least, 0.002 * (world().size() - 1));
  EXPECT_GE(warm_up(world(), quick, work), 0.002 * (world().size() - 1));
}

TEST(RotationCase, IsDealtOutEvenlyAndTheSameOnAnyRanks) {
  const ParticleStore mine = draw_rotation_case(11, world());
  EXPECT_EQ(static_cast<std::int64_t>(mine.size()),
            EvenSplit(11, world().size()).part(world().rank()).size());
  for (std::size_t row = 0; row < mine.size(); ++row) {
    EXPECT_LT(std::abs(mine.initial(0)[row]), 1.0);
    EXPECT_LT(std::abs(mine.parameter(0)[row]), 1.0);
  }
}

TEST(TimeRotation, TimesEveryFormForAnyNumberOfParticles) {
  const MachineLimits limits{.threads = 1,
                             .ns_per_item = {{{.least = 1.0}, {.least = 0.1}, {.least = 0.05}}}};
  for (const std::int64_t particles : {1, 100}) {  // some ranks have none
    ParticleStore store = draw_rotation_case(particles, world());
    for (const auto& form : rotation_forms) {
      const RotationTiming timing = time_rotation(world(), form, store, particles, limits, quick);
      EXPECT_EQ(timing.form, form.name());
      EXPECT_EQ(timing.ranks, world().size());
      EXPECT_EQ(timing.particles, particles);
      EXPECT_GT(timing.ns_per_particle_step.least, 0.0);
      EXPECT_LE(timing.ns_per_particle_step.least, timing.ns_per_particle_step.median);
      EXPECT_LE(timing.ns_per_particle_step.median, timing.ns_per_particle_step.most);
      EXPECT_EQ(timing.is_closed, form.is_closed());
      EXPECT_GE(timing.steps, timing.is_closed ? RotationCase::steps : 100);
      EXPECT_GE(timing.calls, 1);
    }
  }
}

}  // namespace
}  // namespace orrery::test
