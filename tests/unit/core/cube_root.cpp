#include "core/cube_root.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace orrery {
namespace {

TEST(CubeRoot, IsExactForCubes) {
  for (double root = 1; root < 2000; ++root) EXPECT_EQ(cube_root(root * root * root), root);
  EXPECT_EQ(cube_root(0x1p-300), 0x1p-100);
  EXPECT_EQ(cube_root(0x1p-1074), 0x1p-358);
  EXPECT_EQ(cube_root(0.125), 0.5);
}

TEST(CubeRoot, IsTheNearestDoubleButForAHundredthOfAUnit) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 20'000; ++round) {
    const double x = std::ldexp(1.0 + static_cast<double>(random() >> 12) * 0x1p-52,
                                static_cast<int>(random() % 1800) - 900);
    const double root = cube_root(x);
    const long double reference = std::cbrt(static_cast<long double>(x));
    const double unit = std::nextafter(root, std::numeric_limits<double>::infinity()) - root;
    EXPECT_LE(std::abs(static_cast<double>(static_cast<long double>(root) - reference)), 0.51 * unit) << x;
  }
}

}  // namespace
}  // namespace orrery
