#include "distances/point_set.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace orrery {
namespace {

TEST(PointSet, LeavesOutAThirdAxisOnWhichAllAgree) {
  EXPECT_EQ(PointSet({{1, 2}, {3, 4}, {5, 5}}, {}).axes(), 2);
  EXPECT_EQ(PointSet({{1, 2}, {3, 4}, {5, 6}}, {}).axes(), 3);
  EXPECT_EQ(PointSet({{1, 2}}, {}).axes(), 2);
  EXPECT_EQ(PointSet({{}, {}, {}}, {}).size(), 0);
}

TEST(PointSet, FoldsCoordinatesIntoTheBox) {
  const PointSet points({{-0.25, 2.5, 1.0, -1e-300, -3.0, 0.5}, {7, -7, 7, 7, 7, 7}}, {1.0, 0.0});
  const std::vector<double> x{0.75, 0.5, 0.0, 0.0, 0.0, 0.5};
  for (std::size_t point = 0; point < x.size(); ++point) EXPECT_EQ(points.view().columns[0][point], x[point]);
  EXPECT_FALSE(std::signbit(points.view().columns[0][4]));
  EXPECT_EQ(points.view().columns[1][1], -7.0) << "not along an axis that is not periodic";
  EXPECT_EQ(points.edges(), (std::vector<double>{1.0, 0.0}));
  EXPECT_EQ(points.interleaved()[1], 7.0);
}

TEST(PointSet, KnowsHowFarPointsMayBeApart) {
  const std::vector<std::vector<double>> columns{{0, 3, 1}, {4, 0, 1}};
  EXPECT_EQ(PointSet(columns, {}).greatest_possible(Metric::euclidean), 5.0);
  EXPECT_EQ(PointSet(columns, {}).greatest_possible(Metric::squared), 25.0);
  EXPECT_EQ(PointSet(columns, {}).greatest_possible(Metric::chebyshev), 4.0);
  EXPECT_EQ(PointSet(columns, {}).greatest_possible(Metric::manhattan), 7.0);
  EXPECT_TRUE(std::isinf(PointSet({{-1e200, 1e200}}, {}).greatest_possible(Metric::euclidean)));
  EXPECT_EQ(PointSet({{}}, {}).greatest_possible(Metric::euclidean), 0.0);
}

TEST(PointSet, FindsTheLeastSquareWhoseRootReachesADistance) {
  for (const double distance : {1e-200, 1e-160, 1e-3, 0.1, 1.0, 1.5, 3.0, 1e100, 1.3e154}) {
    const double raw = least_raw_reaching(Metric::euclidean, distance);
    EXPECT_GE(std::sqrt(raw), distance);
    EXPECT_LT(std::sqrt(std::nextafter(raw, 0.0)), distance);
  }
  EXPECT_EQ(least_raw_reaching(Metric::euclidean, 1e200), std::numeric_limits<double>::infinity());
  EXPECT_EQ(least_raw_reaching(Metric::manhattan, 0.3), 0.3);
}

}  // namespace
}  // namespace orrery
