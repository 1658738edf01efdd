#include "observe/track.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>

namespace orrery {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

/// Fills a track from time 0 on, stretch after stretch.
class TrackTest : public testing::Test {
protected:
  void spend(Phase phase, std::chrono::nanoseconds time) {
    track_.add(phase, {now_, now_ + time});
    now_ += time;
  }
  void rest(std::chrono::nanoseconds time) { now_ += time; }

  std::array<double, phase_count> milliseconds_by_phase() const {
    std::array<double, phase_count> sums{};
    for (const PhaseInterval& interval : track_.intervals())
      sums[static_cast<std::size_t>(interval.phase)] +=
          static_cast<double>(interval.end - interval.begin) / 1e6;
    return sums;
  }

  void expect_order_without_overlap() const {
    std::int64_t end = 0;
    for (const PhaseInterval& interval : track_.intervals()) {
      EXPECT_GE(interval.begin, end);
      EXPECT_GT(interval.end, interval.begin);
      end = interval.end;
    }
  }

  void expect_pieces_no_shorter_than(std::chrono::nanoseconds least) const {
    const auto intervals = track_.intervals();
    for (std::size_t at = 0; at + 1 < intervals.size(); ++at)
      EXPECT_GE(intervals[at].end - intervals[at].begin, least.count());
  }

  static constexpr std::size_t capacity = 64;
  Interval::Clock::time_point now_;
  Track track_{capacity};
};

TEST_F(TrackTest, TellsWhatItWasToldAndLeavesIdleTimeOut) {
  spend(Phase::read, 100us);
  rest(50us);
  spend(Phase::evolve, 300us);
  spend(Phase::gather, 20us);
  EXPECT_THAT(track_.intervals(), ElementsAre(PhaseInterval{0, 100'000, Phase::read},
                                              PhaseInterval{150'000, 450'000, Phase::evolve},
                                              PhaseInterval{450'000, 470'000, Phase::gather}));
}

TEST_F(TrackTest, IsEmptyUntilItIsTold) {
  EXPECT_THAT(track_.intervals(), IsEmpty());
  EXPECT_EQ(track_.bytes(), 0U);
}

TEST_F(TrackTest, JoinsNeighboursOfOnePhase) {
  for (int count = 0; count < 1000; ++count) spend(Phase::evolve, 1ms);
  EXPECT_THAT(track_.intervals(), ElementsAre(PhaseInterval{0, 1'000'000'000, Phase::evolve}));
  EXPECT_EQ(track_.bytes(), 16U);
}

TEST_F(TrackTest, SavesShortStretchesUpUntilTheyMakeAPiece) {
  for (int count = 0; count < 100; ++count) {
    spend(Phase::evolve, 1ms);
    spend(Phase::gather, 2us);
  }
  EXPECT_EQ(track_.resolution(), 10us);
  expect_pieces_no_shorter_than(10us);
  EXPECT_LE(track_.intervals().size(), 2U * 20U);
  const auto sums = milliseconds_by_phase();
  EXPECT_NEAR(sums[static_cast<std::size_t>(Phase::evolve)], 100.0, 0.025);
  EXPECT_NEAR(sums[static_cast<std::size_t>(Phase::gather)], 0.2, 0.025);
}

TEST_F(TrackTest, DrawsWhatIsShortThroughoutToo) {
  for (int count = 0; count < 1000; ++count) {
    spend(Phase::wait, 4us);
    spend(Phase::gather, 1us);
  }
  expect_order_without_overlap();
  const auto sums = milliseconds_by_phase();
  EXPECT_NEAR(sums[static_cast<std::size_t>(Phase::wait)], 4.0, 0.025);
  EXPECT_NEAR(sums[static_cast<std::size_t>(Phase::gather)], 1.0, 0.025);
}

TEST_F(TrackTest, TellsTheEndEvenIfItIsShort) {
  spend(Phase::evolve, 1ms);
  spend(Phase::gather, 3us);
  EXPECT_THAT(track_.intervals(), ElementsAre(PhaseInterval{0, 1'000'000, Phase::evolve},
                                              PhaseInterval{1'000'000, 1'003'000, Phase::gather}));
}

TEST_F(TrackTest, GrowsCoarserAndNotLonger) {
  for (int count = 0; count < 100'000; ++count) {
    spend(Phase::evolve, 900us);
    spend(Phase::gather, 300us);
    rest(100us);
    ASSERT_LE(track_.bytes(), 2 * capacity * 16);
    ASSERT_LE(track_.intervals().size(), capacity + 1);
  }
  expect_order_without_overlap();
  expect_pieces_no_shorter_than(track_.resolution());
  EXPECT_EQ(track_.intervals().front().begin, 0);
  // 130 s in some 64 pieces, each phase within a few of them.
  EXPECT_GT(track_.resolution(), 500ms);
  EXPECT_LT(track_.resolution(), 10s);
  const double tolerance = 4e-6 * static_cast<double>(track_.resolution().count());
  const auto sums = milliseconds_by_phase();
  EXPECT_NEAR(sums[static_cast<std::size_t>(Phase::evolve)], 90e3, tolerance);
  EXPECT_NEAR(sums[static_cast<std::size_t>(Phase::gather)], 30e3, tolerance);
}

TEST_F(TrackTest, ShrinksToWhatIsWanted) {
  for (int count = 0; count < 20; ++count) {
    spend(Phase::evolve, 2ms);
    spend(Phase::wait, 1ms);
  }
  track_.shrink(8);
  EXPECT_LE(track_.intervals().size(), 9U);
  expect_order_without_overlap();
  EXPECT_EQ(track_.intervals().back().end, 60'000'000);
  spend(Phase::read, 40ms);
  EXPECT_EQ(track_.intervals().back().phase, Phase::read);
}

}  // namespace
}  // namespace orrery
