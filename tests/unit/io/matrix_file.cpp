#include "io/matrix_file.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

#include "io/hdf5_dataset.hpp"
#include "io/hdf5_read.hpp"

namespace orrery {
namespace {

class MatrixFileTest : public testing::TestWithParam<MatrixLayout> {
protected:
  MatrixFileTest() {
    std::string directory = testing::TempDir() + "orrery-matrix-file-XXXXXX";
    directory_ = mkdtemp(directory.data());
    path_ = (directory_ / "matrix.h5").string();
  }
  ~MatrixFileTest() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_;
  std::string path_;
};

TEST_P(MatrixFileTest, HoldsTilesWhereTheyBelong) {
  constexpr std::int64_t size = 300;
  constexpr std::int64_t cut = matrix_chunk;
  UnfinishedFile place("--matrix", path_);
  MatrixFile file(place, {.name = "distances",
                          .size = size,
                          .type = ElementType::float32,
                          .layout = GetParam(),
                          .attributes = {{"metric", "squared"}},
                          .points = std::vector<double>(2 * size, 0.5)});
  for (const Range rows : {Range{cut, size}, Range{0, cut}}) {
    for (const Range columns : {Range{0, cut}, Range{cut, size}}) {
      std::vector<float> numbers;
      for (std::int64_t row = rows.begin; row < rows.end; ++row)
        for (std::int64_t column = columns.begin; column < columns.end; ++column)
          numbers.push_back(static_cast<float>(1000 * row + column));
      file.write_tile(rows, columns, numbers.data());
    }
  }
  file.close();
  place.finish();
  EXPECT_LE(std::filesystem::file_size(path_),
            MatrixFile::estimated_bytes(size, 2, ElementType::float32, GetParam()));

  const auto handle = open_for_reading(path_);
  const auto dataset = open_dataset(handle.get(), "/distances");
  EXPECT_EQ(element_type_of(dataset), ElementType::float32);
  std::vector<float> found(size * size);
  read_block(dataset, ElementType::float32, std::array<hsize_t, 2>{0, 0}, std::array<hsize_t, 2>{size, size},
             found.data(), "cannot read");
  for (std::size_t at = 0; at < found.size(); ++at)
    ASSERT_EQ(found[at], static_cast<float>(1000 * (at / size) + at % size));
  EXPECT_EQ(texts_of(handle.get(), "/distances", "metric"), std::vector<std::string>{"squared"});
  EXPECT_EQ(extents_of(open_dataset(handle.get(), "/points").get()), (std::vector<hsize_t>{size, 2}));
}

TEST_P(MatrixFileTest, MayBeEmpty) {
  UnfinishedFile place("--matrix", path_);
  MatrixFile file(place, {.name = "distances", .layout = GetParam(), .attributes = {}, .points = {}});
  file.close();
  place.finish();
  EXPECT_EQ(extents_of(open_dataset(open_for_reading(path_).get(), "/distances").get()),
            (std::vector<hsize_t>{0, 0}));
}

TEST_P(MatrixFileTest, IsGoneWhenItWasNotFinished) {
  {
    const UnfinishedFile place("--matrix", path_);
    const MatrixFile file(
        place, {.name = "distances", .size = 3, .layout = GetParam(), .attributes = {}, .points = {}});
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

INSTANTIATE_TEST_SUITE_P(Layouts, MatrixFileTest,
                         testing::Values(MatrixLayout::contiguous, MatrixLayout::chunked));

}  // namespace
}  // namespace orrery
