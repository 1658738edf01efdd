#include "observe/phase_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "observe/bookkeeping.hpp"

namespace orrery {
namespace {

void sleep_for_milliseconds(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

/// Evolves, gathers in between, and evolves again.
void spend_time(PhaseClock& clock) {
  const auto evolving = clock.in(Phase::evolve);
  sleep_for_milliseconds(4);
  {
    const auto gathering = clock.in(Phase::gather);
    sleep_for_milliseconds(2);
  }
  sleep_for_milliseconds(3);
}

TEST(PhaseClock, ChargesAllTimeToOnePhaseAtATime) {
  PhaseClock clock;
  spend_time(clock);
  clock.settle();
  EXPECT_GE(clock.seconds(Phase::evolve), 7e-3);
  EXPECT_GE(clock.seconds(Phase::gather), 2e-3);
  EXPECT_EQ(clock.seconds(Phase::wait), 0.0);
}

TEST(PhaseClock, HasTheTimelineNoteTheSame) {
  Bookkeeping books;
  books.timeline.begin();
  spend_time(books.clock);
  books.clock.settle();
  const auto intervals = books.timeline.threads().front().intervals();
  std::array<double, phase_count> sums{};
  for (std::size_t at = 0; at < intervals.size(); ++at) {
    const std::int64_t end_of_last = at > 0 ? intervals[at - 1].end : intervals[at].begin;
    EXPECT_EQ(intervals[at].begin, end_of_last) << "the inner phase interrupts the outer";
    sums[static_cast<std::size_t>(intervals[at].phase)] +=
        static_cast<double>(intervals[at].end - intervals[at].begin) / 1e9;
  }
  for (const Phase phase : {Phase::evolve, Phase::gather, Phase::wait})
    EXPECT_NEAR(sums[static_cast<std::size_t>(phase)], books.clock.seconds(phase), 30e-6) << name_of(phase);
}

TEST(Timeline, NotesNothingUnlessItWasBegun) {
  Bookkeeping books;
  books.timeline.set_threads(4);
  spend_time(books.clock);
  EXPECT_TRUE(books.timeline.threads().empty());
  EXPECT_EQ(books.timeline.writer_track(), nullptr);
  EXPECT_FALSE(books.timeline.workers(Phase::evolve));
  EXPECT_FALSE(books.timeline.writer());
  EXPECT_EQ(books.timeline.bytes(), 0U);
}

TEST(Timeline, NotesWorkersAndWriterOnTracksOfTheirOwn) {
  Timeline timeline;
  timeline.begin();
  timeline.set_threads(3);
  const Interval::Clock::time_point begin{std::chrono::seconds(1)};
  const Interval interval{begin, begin + std::chrono::milliseconds(1)};
  const ThreadWatch watch = timeline.workers(Phase::evolve);
  for (const int thread : {0, 1, 2}) watch(thread, interval);
  timeline.writer()(interval);
  ASSERT_EQ(timeline.threads().size(), 3U);
  EXPECT_TRUE(timeline.threads()[0].intervals().empty()) << "the main thread's time is told by the clock";
  for (const std::size_t thread : {1U, 2U}) {
    ASSERT_EQ(timeline.threads()[thread].intervals().size(), 1U);
    EXPECT_EQ(timeline.threads()[thread].intervals()[0],
              (PhaseInterval{1'000'000'000, 1'001'000'000, Phase::evolve}));
  }
  ASSERT_EQ(timeline.writer_track()->intervals().size(), 1U);
  EXPECT_EQ(timeline.writer_track()->intervals()[0].phase, Phase::write);
}

TEST(Imbalance, IsWhatTheSlowestRankTakesBeyondTheMean) {
  EXPECT_DOUBLE_EQ(imbalance_of({.min = 1, .mean = 2, .max = 3}), 0.5);
  EXPECT_EQ(imbalance_of({.min = 2, .mean = 2, .max = 2}), 0.0);
  EXPECT_EQ(imbalance_of({}), 0.0);
}

}  // namespace
}  // namespace orrery
