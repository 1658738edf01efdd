#include "distances/tile.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "distances/matrix_block.hpp"

namespace orrery {
namespace {

class TileTest : public testing::TestWithParam<std::int64_t> {};

TEST_P(TileTest, TrianglesHoldEveryPairOnce) {
  const std::int64_t points = GetParam();
  for (const int workers : {1, 3, 64}) {
    std::vector<int> times(static_cast<std::size_t>(points * points));
    for (const Tile& tile : triangle_tiles(points, workers)) {
      for (std::int64_t row = tile.rows.begin; row < tile.rows.end; ++row) {
        for (std::int64_t column = std::max(tile.columns.begin, row + 1); column < tile.columns.end; ++column)
          ++times[static_cast<std::size_t>(row * points + column)];
      }
    }
    for (std::int64_t row = 0; row < points; ++row) {
      for (std::int64_t column = 0; column < points; ++column)
        ASSERT_EQ(times[static_cast<std::size_t>(row * points + column)], column > row ? 1 : 0);
    }
  }
}

TEST_P(TileTest, PiecesHoldEveryNumberOnceAndAreNoLargerThanAllowed) {
  const std::int64_t points = GetParam();
  for (const std::int64_t unit : {1, 256}) {
    for (const std::size_t most_bytes : {std::size_t{8} << 16, std::size_t{8} << 20}) {
      std::vector<int> times(static_cast<std::size_t>(points * points));
      for (const MatrixPiece& piece : matrix_pieces(points, 8, most_bytes, unit)) {
        EXPECT_LE(piece.numbers() * 8, most_bytes);
        EXPECT_EQ(piece.rows.begin % unit, 0);
        EXPECT_EQ(piece.columns.begin % unit, 0);
        for (std::int64_t row = piece.rows.begin; row < piece.rows.end; ++row) {
          for (std::int64_t column = piece.columns.begin; column < piece.columns.end; ++column)
            ++times[static_cast<std::size_t>(row * points + column)];
        }
      }
      EXPECT_TRUE(std::all_of(times.begin(), times.end(), [](int count) { return count == 1; }));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, TileTest, testing::Values(0, 1, 2, 255, 257, 1537, 2100));

TEST(MatrixPieces, CutRowsThatAreTooLong) {
  const auto pieces = matrix_pieces(100'000, 8, 1 << 19, 1);
  EXPECT_EQ(pieces[0].rows, (Range{0, 1}));
  EXPECT_EQ(pieces[0].columns, (Range{0, 65'536}));
  EXPECT_EQ(pieces[1].columns, (Range{65'536, 100'000}));
}

}  // namespace
}  // namespace orrery
