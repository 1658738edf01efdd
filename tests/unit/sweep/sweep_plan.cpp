#include "sweep/sweep_plan.hpp"

#include <gmock/gmock.h>

#include <set>

#include "core/error.hpp"

namespace orrery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(SweepPlan, ReadsListsAndRanges) {
  EXPECT_THAT(parse_variation("law.name=a,b c").values, ElementsAre("a", "b c"));
  EXPECT_EQ(parse_variation("law.name=a").key, "law.name");
  EXPECT_THAT(parse_variation("x=0:1:5").values, ElementsAre("0", "0.25", "0.5", "0.75", "1"));
  EXPECT_THAT(parse_variation("x=0.1:0.3:2").values, ElementsAre("0.1", "0.3"));
  EXPECT_THAT(parse_variation("x=3:-1:3").values, ElementsAre("3", "1", "-1"));
}

TEST(SweepPlan, RefusesWhatIsNoVariation) {
  for (const std::string text : {"x", "=1", "x=", "x=1,,2", "x=1,1", "x=0:1:1", "x=0:b:3", "x=0:1:2.5"}) {
    try {
      parse_variation(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      EXPECT_THAT(error.what(), HasSubstr("option --vary " + text + ":"));
    }
  }
  EXPECT_THROW(SweepPlan({{"x", {"1"}}, {"x", {"2"}}}, 1), Error);
  EXPECT_THROW(SweepPlan({{"x", std::vector<std::string>(1001, "1")}}, 1000), Error);
}

TEST(SweepPlan, IsTheProductOfAllVariations) {
  const SweepPlan plan({{"x", {"1", "2"}}, {"y", {"a", "b", "c"}}}, 2);
  ASSERT_EQ(plan.count(), 12);
  std::set<std::string> seen;
  for (std::int64_t index = 0; index < 12; ++index) {
    const SweepMember member = plan.member(index);
    seen.insert(member.values[0].second + member.values[1].second + std::to_string(member.replica));
  }
  EXPECT_EQ(seen.size(), 12U);
  EXPECT_THAT(plan.member(3).values, ElementsAre(Pair("x", "1"), Pair("y", "b")));
  EXPECT_EQ(plan.member(3).replica, 1);
}

TEST(SweepPlan, GivesEveryMemberSeedsOfItsOwn) {
  std::set<std::uint64_t> seeds;
  for (const std::string key : {"particles.seed", "thermostat.seed"})
    for (const std::uint64_t base : {1ULL, 2ULL})
      for (std::int64_t index = 0; index < 1000; ++index) seeds.insert(seed_of_member(key, base, index));
  EXPECT_EQ(seeds.size(), 4000U);
  EXPECT_LT(*seeds.rbegin(), std::uint64_t{1} << 53);
  EXPECT_EQ(seed_of_member("particles.seed", 1, 7), 2262137536458117U) << "as sweeps always had it";
}

}  // namespace
}  // namespace orrery
