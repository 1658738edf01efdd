/// Distances over ranks, against plain loops on every one of them. More ranks than points is among the cases.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "core/number_text.hpp"
#include "distances/distance_matrix.hpp"
#include "distances/nearest_points.hpp"
#include "distances/pair_counts.hpp"
#include "distances/pair_list.hpp"
#include "io/hdf5_dataset.hpp"
#include "io/hdf5_read.hpp"
#include "world.hpp"

namespace orrery::test {
namespace {

constexpr Metric metric = Metric::manhattan;

class DistancesTest : public testing::TestWithParam<std::int64_t> {
protected:
  DistancesTest() : count_(GetParam()) {
    std::vector<std::vector<double>> columns(2);
    for (std::int64_t point = 0; point < count_; ++point) {
      columns[0].push_back(std::sin(static_cast<double>(point)));
      columns[1].push_back(std::cos(static_cast<double>(3 * point)));
    }
    points_ = PointSet(columns, {});
    const auto file = std::filesystem::temp_directory_path() / ("orrery-distances-" + std::to_string(count_));
    path_ = file.string() + "-" + std::to_string(world().size());
  }

  double plain(std::int64_t i, std::int64_t j) const {
    const PointView view = points_.view();
    return std::abs(view.columns[0][j] - view.columns[0][i]) +
           std::abs(view.columns[1][j] - view.columns[1][i]);
  }
  std::vector<double> plain_matrix() const {
    std::vector<double> matrix;
    for (std::int64_t i = 0; i < count_; ++i)
      for (std::int64_t j = 0; j < count_; ++j) matrix.push_back(plain(i, j));
    return matrix;
  }
  MatrixSource source() const { return {points_, metric, ElementType::float64}; }

  std::int64_t count_;
  PointSet points_{{{}}, {}};
  std::string path_;
};

TEST_P(DistancesTest, CountsAreTheSameEverywhere) {
  const HistogramBins bins(10, 2.0);
  std::vector<std::int64_t> expected(bins.stride());
  std::int64_t below = 0;
  for (std::int64_t i = 0; i < count_; ++i) {
    for (std::int64_t j = i + 1; j < count_; ++j) {
      ++expected[bins.bin_of(plain(i, j))];
      below += plain(i, j) < 0.5;
    }
  }
  EXPECT_EQ(count_in_bins(world(), points_, metric, bins), expected);
  EXPECT_EQ(count_below(world(), points_, metric, 0.5), below);
}

TEST_P(DistancesTest, ListIsInOrder) {
  std::string expected;
  std::int64_t pairs = 0;
  for (std::int64_t i = 0; i < count_; ++i) {
    for (std::int64_t j = i + 1; j < count_; ++j) {
      if (plain(i, j) >= 0.5) continue;
      expected += std::to_string(i) + "," + std::to_string(j) + "," + to_text(plain(i, j)) + "\n";
      ++pairs;
    }
  }
  std::string text;
  EXPECT_EQ(list_below(world(), points_, metric, 0.5, [&](std::string_view part) { text += part; }), pairs);
  EXPECT_EQ(text, world().is_root() ? expected : "");
}

TEST_P(DistancesTest, EveryPointHasItsNearestOnTheRoot) {
  const NearestPoints nearest = find_nearest_points(world(), points_, metric);
  ASSERT_EQ(std::ssize(nearest.point), world().is_root() ? count_ : 0);
  for (std::int64_t i = 0; i < std::ssize(nearest.point); ++i) {
    std::int64_t best = -1;
    for (std::int64_t j = 0; j < count_; ++j)
      if (j != i && (best < 0 || plain(i, j) < plain(i, best))) best = j;
    const auto at = static_cast<std::size_t>(i);
    EXPECT_EQ(nearest.point[at], best);
    EXPECT_EQ(nearest.distance[at], best < 0 ? std::numeric_limits<double>::infinity() : plain(i, best));
  }
}

TEST_P(DistancesTest, RawFileHoldsTheMatrix) {
  write_raw_matrix(world(), source(), {.option = "--matrix", .path = path_});
  if (!world().is_root()) return;
  std::ifstream stream(path_, std::ios::binary);
  std::vector<double> found(static_cast<std::size_t>(count_ * count_));
  stream.read(reinterpret_cast<char*>(found.data()), static_cast<std::streamsize>(8 * found.size()));
  EXPECT_TRUE(stream.good() && stream.peek() == std::ifstream::traits_type::eof());
  EXPECT_EQ(found, plain_matrix());
  std::filesystem::remove(path_);
}

TEST_P(DistancesTest, Hdf5FileHoldsTheMatrix) {
  for (const MatrixLayout layout : {MatrixLayout::contiguous, MatrixLayout::chunked}) {
    write_hdf5_matrix(world(), source(), {.option = "--matrix", .path = path_}, layout,
                      {{"metric", "manhattan"}});
    if (!world().is_root()) continue;
    const auto file = open_for_reading(path_);
    const auto size = static_cast<hsize_t>(count_);
    std::vector<double> found(size * size);
    const auto dataset = open_dataset(file.get(), "/distances");
    EXPECT_EQ(extents_of(dataset.get()), (std::vector<hsize_t>{size, size}));
    read_block(dataset, ElementType::float64, std::array<hsize_t, 2>{0, 0},
               std::array<hsize_t, 2>{size, size}, found.data(), "cannot read");
    EXPECT_EQ(found, plain_matrix());
  }
  if (world().is_root()) std::filesystem::remove(path_);
}

TEST_P(DistancesTest, MemoryIsFilledAsOftenAsAsked) {
  const auto seconds = compute_in_memory(world(), source(), 2);
  EXPECT_EQ(seconds.size(), 2U);
  EXPECT_TRUE(std::all_of(seconds.begin(), seconds.end(), [](double time) { return time > 0.0; }));
}

INSTANTIATE_TEST_SUITE_P(Points, DistancesTest, testing::Values(0, 1, 2, 5, 600, 2500));

TEST(Distances, AFileThatCannotBeMadeEndsAllRanksAlike) {
  const PointSet points({{0.0, 1.0}}, {});
  const MatrixSource source{points, metric, ElementType::float64};
  EXPECT_THROW(write_raw_matrix(world(), source, {.option = "--matrix", .path = "/none/d.raw"}),
               CollectiveError);
  EXPECT_THROW(write_hdf5_matrix(world(), source, {.option = "--matrix", .path = "/none/d.h5"},
                                 MatrixLayout::contiguous, {}),
               CollectiveError);
  EXPECT_THROW(list_below(world(), points, metric, 9.0,
                          [](std::string_view) { throw Error(ExitCode::output, "the disk is full"); }),
               CollectiveError);
}

}  // namespace
}  // namespace orrery::test
