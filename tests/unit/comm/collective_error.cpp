#include "comm/collective_error.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

TEST(CollectiveError, NamesTheOnlyRankThatFailed) {
  const CollectiveError error({{2, ExitCode::output, "disk full"}}, 4);
  EXPECT_STREQ(error.what(), "rank 2 of 4: disk full");
  EXPECT_EQ(error.code(), ExitCode::output);
}

TEST(CollectiveError, ListsEveryRankThatFailed) {
  const CollectiveError error({{1, ExitCode::simulation_failed, "a"}, {3, ExitCode::output, "b"}}, 4);
  EXPECT_STREQ(error.what(), "2 of 4 ranks failed\n  rank 1: a\n  rank 3: b");
  EXPECT_EQ(error.code(), ExitCode::simulation_failed);
}

TEST(CollectiveError, SaysOnceWhatAllSay) {
  EXPECT_EQ(summary_of({{0, ExitCode::internal, "a"}, {1, ExitCode::internal, "a"}}, 2), "all 2 ranks: a");
  EXPECT_EQ(summary_of({{0, ExitCode::internal, "a"}}, 1), "a");
}

TEST(CollectiveError, LeavesRanksOutOfWhatAPersonWrote) {
  EXPECT_EQ(summary_of({{0, ExitCode::usage, "option --x"}}, 8), "option --x");
}

TEST(CollectiveError, CarriesFactsBetweenRanksAndNamesParticlesByThem) {
  const FailureFacts facts{
      .kind = FailureKind::left_box, .step = 12, .particles = {4, -1}, .place = {1.5, 2.0, 0.0}};
  const RankFailure failure{1, ExitCode::simulation_failed, "{particle} left", facts};
  std::vector<std::byte> bytes;
  pack(RankFailure{2, ExitCode::output, "no room"}, bytes);
  pack(failure, bytes);
  const auto failures = unpacked_failures(bytes);
  ASSERT_EQ(failures.size(), 2U);
  EXPECT_EQ(failures[0], failure);
  EXPECT_FALSE(failures[1].facts.has_value());
  EXPECT_STREQ(CollectiveError({failure}, 3).what(), "rank 1 of 3: particle #4 left");
}

}  // namespace
}  // namespace orrery
