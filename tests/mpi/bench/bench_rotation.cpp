#include "bench/bench_rotation.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "world.hpp"

namespace orrery::test {
namespace {

TEST(BenchRotation, IsToldByTheRootAlone) {
  BenchOptions options;
  options.quick = true;
  options.be_quick();
  options.particles = {100};
  options.threads = 1;
  std::ostringstream out;
  std::ostringstream warnings;
  bench_rotation(world(), options, out, warnings);
  EXPECT_EQ(out.str().empty(), !world().is_root());
  if (world().is_root()) {
    EXPECT_NE(out.str().find("book, 2013"), std::string::npos) << out.str();
  }
}

}  // namespace
}  // namespace orrery::test
