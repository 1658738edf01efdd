#include "shortrange/cell_grid.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <vector>

#include "core/error.hpp"

namespace orrery {
namespace {

std::vector<double> rows_at_random(std::size_t count, double edge) {
  std::mt19937_64 random(7);
  std::vector<double> rows;
  for (std::size_t row = 0; row < count; ++row) {
    for (int axis = 0; axis < 3; ++axis)
      rows.push_back(edge * static_cast<double>(random() >> 11) * 0x1p-53 - 3.0);
    rows.push_back(0.0);
  }
  return rows;
}

TEST(Bounds, AreThoseOfAllRowsOnAnyNumberOfThreads) {
  const std::size_t count = 30000;
  std::vector<double> rows = rows_at_random(count, 10.0);
  rows[4 * 29999 + 1] = 50.0;  // in the last part, and in the first
  rows[4 * 5 + 2] = -70.0;
  const Bounds one = Bounds::of_rows(rows.data(), count);
  EXPECT_EQ(one.high[1], 50.0);
  EXPECT_EQ(one.low[2], -70.0);
  EXPECT_GE(one.low[0], -3.0);
  EXPECT_LE(one.high[0], 7.0);
  for (const int threads : {2, 3, 5}) {
    const Bounds found = Bounds::of_rows(rows.data(), count, threads);
    EXPECT_EQ(found.low, one.low) << threads;
    EXPECT_EQ(found.high, one.high) << threads;
  }
  EXPECT_TRUE(Bounds::of_rows(rows.data(), 0, 3).empty());
}

TEST(OrderByCell, IsInOrderWithinCellsOnAnyNumberOfThreads) {
  const std::size_t count = 30000;
  const double reach = 1.5;
  std::vector<double> rows = rows_at_random(count, 12.0);
  const CellGrid grid(Bounds::of_rows(rows.data(), count), reach, count);
  rows[4 * 17] = 1e9;  // outside
  rows[4 * 18] = std::numeric_limits<double>::quiet_NaN();
  for (const int threads : {1, 2, 3, 5}) {
    CellOrder order;
    for (int again = 0; again < 2; ++again) {
      order_by_cell(grid, rows.data(), count, order, threads);
      ASSERT_EQ(order.rows.size(), count - 2) << threads;
      ASSERT_EQ(order.begin.size(), static_cast<std::size_t>(grid.cells()) + 1);
      std::vector<int> seen(count, 0);
      for (std::size_t cell = 0; cell + 1 < order.begin.size(); ++cell) {
        std::int32_t before = -1;
        for (std::int32_t at = order.begin[cell]; at < order.begin[cell + 1]; ++at) {
          const std::int32_t row = order.rows[static_cast<std::size_t>(at)];
          EXPECT_GT(row, before);
          EXPECT_EQ(grid.cell_of(rows.data() + 4 * static_cast<std::size_t>(row)),
                    static_cast<std::int64_t>(cell));
          ++seen[static_cast<std::size_t>(row)];
          before = row;
        }
      }
      EXPECT_EQ(seen[17] + seen[18], 0);
      EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<std::ptrdiff_t>(count) - 2) << threads;
    }
  }
}

TEST(CellGrid, NumbersItsCellsWithin32Bits) {
  // As many particles as a rank can have, so far apart that each could have eight cells to itself.
  constexpr std::size_t count = std::size_t{1} << 29U;
  for (const double length : {1e4, 1e9, 1e300}) {
    for (const int axes : {1, 2, 3}) {
      Bounds bounds{{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}};
      for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis) bounds.high[axis] = length;
      const CellGrid grid(bounds, 1.0, count);
      EXPECT_LT(grid.cells(), std::int64_t{1} << 31U) << length << ", " << axes;
      EXPECT_GT(grid.cells(), 0);
      std::array<double, 3> last = bounds.high;
      EXPECT_LT(grid.cell_of(last.data()), grid.cells());
      EXPECT_GE(grid.cell_of(last.data()), 0);
      for (std::size_t axis = 0; axis < 2; ++axis)
        EXPECT_GE(static_cast<double>(grid.span(axis)) * grid.edge(axis), 1.0) << "no neighbour is missed";
    }
  }
}

TEST(CellGrid, DoesNotLookForCellsOfWhatHasNoEnd) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THROW(CellGrid({{0.0, 0.0, 0.0}, {infinity, 1.0, 1.0}}, 1.0, 10), Error);
  EXPECT_THROW(CellGrid({{0.0, 0.0, 0.0}, {1.0, 1.0, 1.0}}, 1.7e308, 10), Error);
}

}  // namespace
}  // namespace orrery
