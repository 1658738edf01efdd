#include "io/trajectory_file.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>

namespace orrery {
namespace {

FrameLayout layout() {
  return {.constant = {{.name = "id", .components = 1, .type = ElementType::int64}},
          .per_frame = {{.name = "position",
                         .components = 3,
                         .type = ElementType::float64,
                         .dimension = Dimension::length}}};
}

class TrajectoryFileTest : public testing::Test {
protected:
  const UnitNames nominal_ = output_units("auto", {});
  TrajectoryFile make(std::int64_t particles) {
    return {path_,
            {.particle_count = particles,
             .layout = layout(),
             .units = nominal_,
             .diagnostics = {"energy"},
             .planned_frames = 2,
             .configuration = "[a]\n",
             .provenance = {}}};
  }
  void write_frame(TrajectoryFile& file, std::int64_t particles, double offset, bool finish = true) {
    std::vector<double> rows(static_cast<std::size_t>(3 * particles));
    std::iota(rows.begin(), rows.end(), offset);
    file.start_frame();
    file.write_rows(0, 0, particles, reinterpret_cast<const std::byte*>(rows.data()));
    if (finish)
      file.finish_frame({.step = file.finished_frames() * 10, .time = 0.5, .diagnostics = {offset}});
  }
  std::vector<double> stored() const {
    const Hdf5Handle file(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open");
    const Hdf5Handle dataset(H5Dopen2(file.get(), "/particles/trajectory/position/value", H5P_DEFAULT),
                             H5Dclose, "open");
    const auto extents = extents_of(dataset.get());
    std::vector<double> values(extents[0] * extents[1] * extents[2]);
    if (!values.empty())
      H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    return values;
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string path_ = testing::TempDir() + "orrery_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".h5md";
};

TEST_F(TrajectoryFileTest, KeepsFramesInOrder) {
  auto file = make(2);
  write_frame(file, 2, 0);
  write_frame(file, 2, 100);
  file.close();
  EXPECT_EQ(stored(), (std::vector<double>{0, 1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105}));
}

TEST_F(TrajectoryFileTest, TakesBackAFrameThatWasNotFinished) {
  {
    auto file = make(2);
    write_frame(file, 2, 0);
    write_frame(file, 2, 100, false);
  }
  EXPECT_EQ(stored().size(), 6U);
}

TEST_F(TrajectoryFileTest, TakesItsNameWithTheFirstFrame) {
  std::ofstream(path_) << "older";
  {
    auto file = make(2);
    write_frame(file, 2, 0, false);
    EXPECT_EQ(std::filesystem::file_size(path_), 5U);
  }
  EXPECT_EQ(std::filesystem::file_size(path_), 5U) << "a run that failed leaves the older file";
  auto file = make(2);
  write_frame(file, 2, 0);
  EXPECT_EQ(stored(), (std::vector<double>{0, 1, 2, 3, 4, 5}));
}

/// Between two frames the file is one state, whatever has been written by then.
TEST_F(TrajectoryFileTest, ChangesFromFrameToFrame) {
  const auto bytes = [this] {
    std::ifstream stream(path_, std::ios::binary);
    std::string all(std::istreambuf_iterator<char>(stream), {});
    all.erase(all.find_last_not_of('\0') + 1);  // the file is longer than its state, by a hole
    return all;
  };
  auto file = make(100);
  write_frame(file, 100, 0);
  for (int frame = 1; frame < 300; ++frame) {
    const std::string before = bytes();
    write_frame(file, 100, frame, false);
    ASSERT_TRUE(bytes().starts_with(before)) << frame;
    EXPECT_EQ(stored().size(), 300U * static_cast<std::size_t>(frame));
    file.finish_frame({.step = frame * 10, .time = 0.5, .diagnostics = {1}});
  }
  const std::string before = bytes();
  write_frame(file, 100, 300, false);
  file.abandon();
  EXPECT_EQ(bytes(), before);
}

TEST_F(TrajectoryFileTest, IsNotWrittenByTwo) {
  auto first = make(2);
  write_frame(first, 2, 0);
  EXPECT_THROW(make(2), Error);
  write_frame(first, 2, 100);
  first.close();
  EXPECT_EQ(stored().size(), 12U);
}

TEST_F(TrajectoryFileTest, IsReadBackAtTheEnd) {
  auto file = make(2);
  for (int frame = 0; frame < 9; ++frame) write_frame(file, 2, frame);
  // Behind what is looked at with every frame: the position of the last one.
  std::fstream stream(path_, std::ios::binary | std::ios::in | std::ios::out);
  const std::string all(std::istreambuf_iterator<char>(stream), {});
  const std::array<double, 3> found{11, 12, 13};
  const auto at = all.find(std::string(reinterpret_cast<const char*>(found.data()), sizeof(found)));
  ASSERT_NE(at, std::string::npos);
  ASSERT_GT(at, 4096U);
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put('x').flush();
  try {
    file.close();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::output);
    EXPECT_NE(std::string(error.what()).find("position/value is not what was written"), std::string::npos)
        << error.what();
  }
}

TEST_F(TrajectoryFileTest, HoldsFramesOfNoParticles) {
  auto file = make(0);
  write_frame(file, 0, 0);
  EXPECT_EQ(file.finished_frames(), 1);
  file.close();
  EXPECT_TRUE(stored().empty());
}

TEST_F(TrajectoryFileTest, LeavesNoIdentifierOpen) {
  const auto open_identifiers = [] { return H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_ALL); };
  const auto before = open_identifiers();
  auto file = make(2);
  write_frame(file, 2, 0);
  EXPECT_GT(open_identifiers(), before);
  file.close();
  EXPECT_EQ(open_identifiers(), before);
}

TEST_F(TrajectoryFileTest, SaysWhyAFileCannotBeMade) {
  path_ = "/nonexistent/x.h5md";
  try {
    make(2);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::output);
    EXPECT_STREQ(error.what(), "cannot write output.file '/nonexistent/x.h5md': No such file or directory");
  }
}

TEST_F(TrajectoryFileTest, IsNoLargerThanEstimated) {
  for (const std::int64_t particles : {0, 1, 1000, 40'000}) {
    auto file = make(particles);
    for (int frame = 0; frame < 50; ++frame) write_frame(file, particles, frame);
    file.close();
    const auto estimate = TrajectoryFile::estimated_bytes(particles, 50, layout());
    EXPECT_LE(std::filesystem::file_size(path_), estimate) << particles;
    EXPECT_GE(std::filesystem::file_size(path_), (estimate - 96 * 1024) * 8 / 10) << particles;
  }
}

}  // namespace
}  // namespace orrery
