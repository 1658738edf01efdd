#include "io/frame_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

namespace orrery {
namespace {

FrameLayout layout() {
  return {.constant = {{.name = "id", .components = 1, .type = ElementType::int64}},
          .per_frame = {{.name = "position",
                         .components = 3,
                         .type = ElementType::float64,
                         .dimension = Dimension::length}}};
}

class FrameWriterTest : public testing::Test {
protected:
  TrajectoryFile file() {
    return {path_,
            {.particle_count = 2,
             .layout = layout(),
             .diagnostics = {},
             .planned_frames = 3,
             .configuration = "",
             .provenance = {}}};
  }
  Slice* acquire(FrameWriter& writer) {
    for (int attempt = 0; attempt < 5000; ++attempt) {
      if (Slice* slice = writer.try_acquire()) return slice;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return nullptr;
  }
  void submit_frame(FrameWriter& writer, std::int64_t step, std::int64_t rows = 2) {
    Slice* slice = acquire(writer);
    ASSERT_NE(slice, nullptr);
    slice->constant = false;
    slice->first_of_frame = slice->last_of_frame = true;
    slice->header = {.step = step, .time = 0, .diagnostics = {}};
    slice->first_row = 0;
    slice->row_count = rows;
    std::fill(slice->field[0].begin(), slice->field[0].end(), std::byte{0});
    writer.submit(slice);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string path_ = testing::TempDir() + "orrery_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".h5md";
};

TEST_F(FrameWriterTest, ReportsFramesOnceTheyAreSafeAndInOrder) {
  FrameWriter writer(file(), layout(), 2);
  for (std::int64_t step = 0; step < 10; ++step) submit_frame(writer, step);
  writer.close();
  const auto finished = writer.take_finished_frames();
  ASSERT_EQ(finished.size(), 10U);
  for (std::size_t frame = 0; frame < 10; ++frame)
    EXPECT_EQ(finished[frame].step, static_cast<std::int64_t>(frame));
  EXPECT_TRUE(writer.take_finished_frames().empty());
  EXPECT_GT(writer.write_seconds(), 0.0);
}

TEST_F(FrameWriterTest, HasTwoSlices) {
  FrameWriter writer(file(), layout(), 2);
  Slice* const first = writer.try_acquire();
  Slice* const second = writer.try_acquire();
  EXPECT_NE(first, nullptr);
  EXPECT_NE(second, nullptr);
  EXPECT_NE(first, second);
  EXPECT_EQ(writer.try_acquire(), nullptr);
  EXPECT_EQ(FrameWriter::staging_bytes(layout(), 2), 2U * 2U * 24U);
}

TEST_F(FrameWriterTest, HandsAWriteErrorToTheCaller) {
  FrameWriter writer(file(), layout(), 1000);
  submit_frame(writer, 0);
  submit_frame(writer, 1, 1000);  // more rows than the file has: the library refuses
  EXPECT_THROW(writer.close(), Error);
  EXPECT_THROW(writer.try_acquire(), Error);
}

TEST_F(FrameWriterTest, TellsOfEveryStretchThatItSpendsWriting) {
  double seconds = 0.0;
  int stretches = 0;
  FrameWriter writer(file(), layout(), 2, {}, [&](Interval worked) {
    seconds += std::chrono::duration<double>(worked.end - worked.begin).count();
    ++stretches;
  });
  for (std::int64_t step = 0; step < 10; ++step) submit_frame(writer, step);
  writer.close();
  EXPECT_EQ(stretches, 11) << "ten slices, and closing";
  EXPECT_NEAR(seconds, writer.write_seconds(), 1e-9);
}

TEST_F(FrameWriterTest, EndsWithoutWritingWhenItIsDropped) {
  { FrameWriter writer(file(), layout(), 2); }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace orrery
