#include "core/nearest_name.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

TEST(NearestName, FindsMisspeltAndUnsectionedKeys) {
  const std::vector<std::string> keys{"time.step", "time.end", "particles.count"};
  EXPECT_EQ(nearest_name("time.stepp", keys), "time.step");
  EXPECT_EQ(nearest_name("count", keys), "particles.count");
  EXPECT_EQ(nearest_name("particle.count", keys), "particles.count");
  EXPECT_EQ(nearest_name("qwertyuiop.zxcvbnm", keys), "");
}

}  // namespace
}  // namespace orrery
