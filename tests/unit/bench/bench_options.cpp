#include "bench/bench_options.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "bench/rotation_forms.hpp"

namespace orrery {
namespace {

TEST(BenchOptions, GoFromAHundredToTenMillionAndTakeEveryForm) {
  const BenchOptions options;
  EXPECT_EQ(options.particles.front(), 100U);
  EXPECT_EQ(options.particles.back(), 10'000'000U);
  EXPECT_EQ(options.forms, rotation_form_names());
}

TEST(BenchOptions, AreReadBackFromTheirText) {
  BenchOptions options;
  OptionSet set;
  options.describe(set);
  EXPECT_TRUE(set.find("particles")->assign("100,1e6"));
  EXPECT_TRUE(set.find("forms")->assign("circle"));
  for (const auto& option : set.options()) {
    const std::string text = option.text();
    EXPECT_TRUE(option.assign(text)) << option.key;
    EXPECT_EQ(option.text(), text);
  }
  EXPECT_FALSE(set.find("particles")->assign("0"));
  EXPECT_FALSE(set.find("repeats")->assign("0"));
  EXPECT_FALSE(set.find("forms")->assign("square"));
}

TEST(BenchOptions, AreSmallerWhenQuick) {
  const BenchOptions usual;
  BenchOptions quick;
  quick.quick = true;
  quick.be_quick();
  EXPECT_LT(quick.particles.back(), usual.particles.back());
  EXPECT_LT(quick.rules().repeats, usual.rules().repeats);
  EXPECT_LT(quick.rules().least_seconds, usual.rules().least_seconds);
  EXPECT_LT(quick.array_bytes(), usual.array_bytes());
}

TEST(LargeArrayBytes, AreMoreThanCachesHold) {
  EXPECT_GE(large_array_bytes(), std::size_t{1} << 27);
}

}  // namespace
}  // namespace orrery
