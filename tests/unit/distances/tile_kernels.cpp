/// Every kernel, for every metric, box and number of axes, on every instruction set, against plain loops.

#include "distances/tile_kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <tuple>

#include "core/instruction_set.hpp"

namespace orrery {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Coordinates of a coarse grid in [0, 4): many pairs are equally far apart, and some points are the same.
PointSet grid_points(std::size_t count, int axes, bool periodic) {
  std::vector<std::vector<double>> columns(static_cast<std::size_t>(axes), std::vector<double>(count));
  std::uint32_t state = 12345;
  for (auto& column : columns) {
    for (double& x : column) {
      state = state * 1664525U + 1013904223U;
      x = 0.1 * (state >> 16U) / 1638.4;  // [0, 4)
      if (state & 1U) x = std::floor(x * 4) / 4;
    }
  }
  std::vector<double> edges;
  if (periodic) edges = {4.0, 0.0};
  if (periodic && axes == 3) edges.push_back(5.0);
  return {columns, edges};
}

/// The definition, in one fixed order of plain operations.
double plain_distance(const PointSet& points, Metric metric, std::size_t i, std::size_t j) {
  const PointView view = points.view();
  double sum = 0.0;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(points.axes()); ++axis) {
    double d = std::abs(view.columns[axis][j] - view.columns[axis][i]);
    d = std::min(d, view.edges[axis] - d);
    const double part = metric == Metric::euclidean || metric == Metric::squared ? d * d : d;
    sum = metric == Metric::chebyshev ? std::max(sum, part) : sum + part;
  }
  return metric == Metric::euclidean ? std::sqrt(sum) : sum;
}

class PairKernelTest : public testing::TestWithParam<std::tuple<Metric, int, bool>> {
protected:
  /// Calls a function once for each instruction set.
  template <class Function>
  void on_all_sets(const Function& function) const {
    for (const auto& name : available_instruction_sets()) {
      SCOPED_TRACE(choose_instruction_set(name));
      function();
    }
    choose_instruction_set("auto");
  }

  static constexpr std::size_t count_ = 203;
  Metric metric_ = std::get<0>(GetParam());
  PointSet points_ = grid_points(count_, std::get<1>(GetParam()), std::get<2>(GetParam()));
  std::size_t variant_ = points_.kernel_variant(metric_);
  PointView view_ = points_.view();

  double plain(std::size_t i, std::size_t j) const { return plain_distance(points_, metric_, i, j); }

  /// Tiles on, across and off the diagonal, of odd sizes.
  std::vector<Tile> tiles() const {
    return {{{0, 203}, {0, 203}},
            {{5, 90}, {30, 61}},
            {{100, 131}, {3, 90}},
            {{7, 8}, {7, 9}},
            {{3, 9}, {50, 50}}};
  }
};

TEST_P(PairKernelTest, FillsWithTheDefinition) {
  on_all_sets([&] {
    for (const Tile& tile : tiles()) {
      for (const Storing storing : {Storing::cached, Storing::streamed}) {
        const auto stride = static_cast<std::size_t>(tile.columns.size() + 15) / 16 * 16 + 16;
        AlignedVector<double> doubles(static_cast<std::size_t>(tile.rows.size()) * stride, -1.0);
        AlignedVector<float> singles(doubles.size(), -1.0F);
        fill_kernels(variant_).doubles(view_, tile, doubles.data(), stride, storing);
        fill_kernels(variant_).singles(view_, tile, singles.data(), stride, storing);
        for (std::size_t at = 0; at < doubles.size(); ++at) {
          const auto column = static_cast<std::int64_t>(at % stride);
          const bool inside = column < tile.columns.size();
          const double expected = inside ? plain(static_cast<std::size_t>(tile.rows.begin) + at / stride,
                                                 static_cast<std::size_t>(tile.columns.begin + column))
                                         : -1.0;
          ASSERT_EQ(std::memcmp(&doubles[at], &expected, sizeof expected), 0) << at;
          ASSERT_EQ(singles[at], static_cast<float>(expected)) << at;
        }
      }
    }
  });
}

TEST_P(PairKernelTest, CountsPairsInBins) {
  on_all_sets([&] {
    const HistogramBins bins(16, 4.0);  // edges where many distances are
    for (Tile tile : tiles()) {
      for (const bool above : {false, true}) {
        tile.above_diagonal = above;
        std::vector<std::uint32_t> found(histogram_copies * bins.stride());
        histogram_kernel(variant_)(view_, tile, bins, found.data());
        for (std::size_t bin = 0; bin <= bins.bins(); ++bin) {
          std::uint32_t expected = 0;
          for (auto i = tile.rows.begin; i < tile.rows.end; ++i) {
            for (auto j = tile.columns.begin; j < tile.columns.end; ++j) {
              const double d = plain(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
              const double high = bin < bins.bins() ? bins.edges()[bin + 1] : infinity;
              expected += (!above || j > i) && d >= bins.edges()[bin] && d < high;
            }
          }
          std::uint32_t sum = 0;
          for (std::size_t copy = 0; copy < histogram_copies; ++copy)
            sum += found[copy * bins.stride() + bin];
          ASSERT_EQ(sum, expected) << "bin " << bin;
        }
      }
    }
  });
}

TEST_P(PairKernelTest, FindsPairsBelowADistance) {
  on_all_sets([&] {
    const double limit = 0.75;  // a distance that occurs: what is equal is not below
    const double raw = least_raw_reaching(metric_, limit);
    for (Tile tile : tiles()) {
      tile.above_diagonal = true;
      std::int64_t all = 0;
      for (auto i = tile.rows.begin; i < tile.rows.end; ++i) {
        std::vector<std::int64_t> expected;
        for (auto j = std::max(tile.columns.begin, i + 1); j < tile.columns.end; ++j)
          if (plain(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) < limit) expected.push_back(j);
        std::vector<std::int64_t> columns(count_);
        std::vector<double> distances(count_);
        columns.resize(below_kernels(variant_).find(view_, tile, static_cast<std::size_t>(i), raw,
                                                    columns.data(), distances.data()));
        ASSERT_EQ(columns, expected);
        for (std::size_t at = 0; at < columns.size(); ++at)
          ASSERT_EQ(distances[at], plain(static_cast<std::size_t>(i), static_cast<std::size_t>(columns[at])));
        all += std::ssize(columns);
      }
      EXPECT_EQ(below_kernels(variant_).count(view_, tile, raw), all);
    }
  });
}

TEST_P(PairKernelTest, FindsTheNearestAndOfEqualOnesTheFirst) {
  on_all_sets([&] {
    for (const std::int64_t width : {7, 64, 203}) {
      std::vector<double> distance(count_, infinity);
      std::vector<double> raw(count_, infinity);
      std::vector<std::int64_t> point(count_, -1);
      for (std::int64_t column = 0; column < std::int64_t{count_}; column += width)
        nearest_kernel(variant_)(view_,
                                 {{0, count_}, {column, std::min<std::int64_t>(column + width, count_)}},
                                 {distance.data(), raw.data(), point.data()});
      for (std::size_t i = 0; i < count_; ++i) {
        std::size_t best = i == 0 ? 1 : 0;
        for (std::size_t j = 0; j < count_; ++j)
          if (j != i && plain(i, j) < plain(i, best)) best = j;
        ASSERT_EQ(point[i], static_cast<std::int64_t>(best)) << i;
        ASSERT_EQ(distance[i], plain(i, best));
      }
    }
  });
}

std::string name_of_case(const testing::TestParamInfo<PairKernelTest::ParamType>& info) {
  const auto& [metric, axes, periodic] = info.param;
  return std::string(name_of(metric)) + std::to_string(axes) + (periodic ? "box" : "open");
}

INSTANTIATE_TEST_SUITE_P(All, PairKernelTest,
                         testing::Combine(testing::Values(Metric::euclidean, Metric::squared,
                                                          Metric::chebyshev, Metric::manhattan),
                                          testing::Values(2, 3), testing::Bool()),
                         name_of_case);

/// Where a multiplication alone would be wrong about the bin.
TEST(HistogramKernel, KnowsWhatIsOnAnEdgeFromWhatIsJustBelow) {
  const HistogramBins bins(97, 0.3);
  std::vector<std::vector<double>> columns(2, std::vector<double>{0.0});
  std::size_t misleading = 0;
  for (std::size_t edge = 1; edge <= bins.bins(); ++edge) {
    const double on = bins.edges()[edge];
    const double below = std::nextafter(on, 0.0);
    misleading +=
        below * bins.scale() >= static_cast<double>(edge) || on * bins.scale() < static_cast<double>(edge);
    columns[0].insert(columns[0].end(), {on, below});
  }
  ASSERT_GT(misleading, 10U);
  columns[1].resize(columns[0].size(), 0.0);
  const PointSet points(columns, {});
  for (const auto& name : available_instruction_sets()) {
    choose_instruction_set(name);
    std::vector<std::uint32_t> found(histogram_copies * bins.stride());
    histogram_kernel(points.kernel_variant(Metric::chebyshev))(points.view(), {{0, 1}, {1, points.size()}},
                                                               bins, found.data());
    for (std::size_t bin = 0; bin <= bins.bins(); ++bin) {
      std::uint32_t sum = 0;
      for (std::size_t copy = 0; copy < histogram_copies; ++copy) sum += found[copy * bins.stride() + bin];
      // The lower edge of the bin, and what is just below the upper one.
      EXPECT_EQ(sum, bin == 0 || bin == bins.bins() ? 1U : 2U) << name << ", bin " << bin;
    }
  }
  choose_instruction_set("auto");
}

/// Roots of different squares may be equal: then the lower number wins, though its square is the larger.
TEST(NearestKernel, ComparesDistancesAndNotTheirSquares) {
  const double near = 1.0;
  for (const auto& name : available_instruction_sets()) {
    choose_instruction_set(name);
    // From the origin: (x, e) with e^2 lost or kept in the last bit of the square, never in its root.
    const double e = 1.2e-8;  // e^2 = 1.44e-16, two thirds of the last bit of 1
    const PointSet points({{0.0, near, near}, {0.0, e, 0.0}}, {});
    ASSERT_GT(near * near + e * e, near * near);
    ASSERT_EQ(std::sqrt(near * near + e * e), near);
    std::vector<double> distance(3, infinity);
    std::vector<double> raw(3, infinity);
    std::vector<std::int64_t> point(3, -1);
    nearest_kernel(points.kernel_variant(Metric::euclidean))(points.view(), {{0, 3}, {0, 3}},
                                                             {distance.data(), raw.data(), point.data()});
    EXPECT_EQ(point[0], 1);
    EXPECT_EQ(distance[0], 1.0);
  }
  choose_instruction_set("auto");
}

}  // namespace
}  // namespace orrery
