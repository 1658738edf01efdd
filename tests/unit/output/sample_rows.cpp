#include "output/sample_rows.hpp"

#include <gtest/gtest.h>

#include <array>

namespace orrery {
namespace {

TEST(SampleRows, AreKeptInTheBoxBySinglePrecision) {
  const Box box{.axes = 3,
                .lengths = {10.1, 10.1, 8.0},
                .boundary = {Boundary::periodic, Boundary::reflect, Boundary::periodic}};
  const SingleBounds bounds = single_bounds(box);
  // 10.1 is 10.1000003815 in single precision.
  std::array<float, 6> rows{10.1F, 10.1F, 8.0F, 0.0F, 3.0F, 7.5F};
  keep_within(bounds, 2, reinterpret_cast<std::byte*>(rows.data()));
  EXPECT_LT(rows[0], 10.1);
  EXPECT_GT(rows[0], 10.099999);
  EXPECT_LE(rows[1], 10.1);
  EXPECT_LT(rows[2], 8.0);
  EXPECT_GT(rows[2], 7.999999);
  EXPECT_EQ((std::array{rows[3], rows[4], rows[5]}), (std::array{0.0F, 3.0F, 7.5F}));
}

TEST(SampleRows, GoAsFarAsTheyLikeAlongOpenAxesAndStayInThePlane) {
  const Box box{.axes = 2, .lengths = {10.0, 10.0, 0.0}, .boundary = {Boundary::open, Boundary::open}};
  std::array<float, 3> row{-500.0F, 2000.0F, 0.0F};
  keep_within(single_bounds(box), 1, reinterpret_cast<std::byte*>(row.data()));
  EXPECT_EQ(row, (std::array{-500.0F, 2000.0F, 0.0F}));
}

}  // namespace
}  // namespace orrery
