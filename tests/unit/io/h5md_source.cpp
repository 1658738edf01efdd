#include "io/h5md_source.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "io/open_source.hpp"
#include "io/trajectory_file.hpp"
#include "laws/rotation.hpp"

namespace orrery {
namespace {

class H5mdSource : public testing::Test {
protected:
  /// A trajectory of three particles and two frames, as a run leaves it.
  void write_trajectory(std::array<std::int64_t, 3> ids = {4, 6, 9}, double last_z = 0.0,
                        bool second_frame_finished = true) {
    const FrameLayout layout{
        .constant = {{.name = "id", .components = 1, .type = ElementType::int64},
                     {.name = "tangential_speed", .components = 1, .type = ElementType::float64}},
        .per_frame = {{.name = "position",
                       .components = 3,
                       .type = ElementType::float64,
                       .dimension = Dimension::length}}};
    TrajectoryFile file(
        path_,
        {.particle_count = 3, .layout = layout, .diagnostics = {}, .configuration = "", .provenance = {}});
    const std::array<double, 3> speeds{1, -2, 3};
    file.write_constant(0, 0, 3, reinterpret_cast<const std::byte*>(ids.data()));
    file.write_constant(1, 0, 3, reinterpret_cast<const std::byte*>(speeds.data()));
    for (int frame = 0; frame < 2; ++frame) {
      const double f = frame;
      const std::array<double, 9> rows{f + 0.1, f + 0.2, 0, f + 0.3, f + 0.4, 0, f + 0.5, f + 0.6, last_z};
      file.start_frame();
      file.write_rows(0, 0, 3, reinterpret_cast<const std::byte*>(rows.data()));
      if (frame == 0 || second_frame_finished)
        file.finish_frame({.step = frame, .time = f, .diagnostics = {}});
    }
  }
  std::unique_ptr<ParticleSource> open() {
    ParticleOptions options;
    options.source = SourceKind::file;
    options.file = path_;
    return open_file_source(options, law_.dimensions(), law_.parameters());
  }
  std::string refusal() {
    try {
      open();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::input_data);
      const std::string message = error.what();
      return message.substr(message.find(path_) + path_.size());
    }
    return "accepted";
  }
  void TearDown() override { std::filesystem::remove(path_); }

  RotationLaw law_;
  std::string path_ = testing::TempDir() + "orrery_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".h5md";
};

TEST_F(H5mdSource, ReadsTheLastFrameWithIdsAndSpeeds) {
  write_trajectory();
  const auto source = open();
  ASSERT_EQ(source->count(), 3);
  EXPECT_FALSE(source->consecutive_ids());
  ParticleRows rows(2, 1, 0);
  source->read({0, 3}, rows);
  EXPECT_EQ(rows.id, (std::vector<ParticleId>{ParticleId{4}, ParticleId{6}, ParticleId{9}}));
  EXPECT_EQ(rows.position[0], (std::vector<double>{1.1, 1.3, 1.5}));
  EXPECT_EQ(rows.position[1], (std::vector<double>{1.2, 1.4, 1.6}));
  EXPECT_EQ(rows.parameter[0], (std::vector<double>{1, -2, 3}));
}

TEST_F(H5mdSource, ReadsTheLastFrameThatIsWhole) {
  write_trajectory({4, 6, 9}, 0.0, false);
  ParticleRows rows(2, 1, 0);
  open()->read({0, 1}, rows);
  EXPECT_EQ(rows.position[0][0], 0.1);
}

TEST_F(H5mdSource, TellsThatIdsDoNotAscend) {
  write_trajectory({4, 4, 9});
  EXPECT_FALSE(open()->is_sorted());
  EXPECT_EQ(open()->place_of(1), "row 1 of id");
}

TEST_F(H5mdSource, RefusesMotionOutOfThePlane) {
  write_trajectory({4, 6, 9}, 0.5);
  EXPECT_EQ(refusal(),
            "': /particles/trajectory/position/value, row 2: z is 0.5, but the law moves particles in the "
            "plane z = 0");
}

TEST_F(H5mdSource, RefusesPositionsThatAreNotFinite) {
  write_trajectory({4, 6, 9}, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(refusal(), "': /particles/trajectory/position/value, row 2: the value is not a finite number");
}

TEST_F(H5mdSource, RefusesFilesThatAreNoTrajectories) {
  EXPECT_EQ(refusal(), "': there is no such file");
  std::ofstream(path_) << "x,y,speed\n";
  EXPECT_NE(refusal().find("it is not a readable HDF5 file"), std::string::npos);
  std::filesystem::remove(path_);
  {
    const Hdf5Handle file(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose,
                          "create");
    make_group(file.get(), "particles");
  }
  EXPECT_EQ(refusal(), "': it holds no particles (no data set /particles/<group>/position/value)");
}

}  // namespace
}  // namespace orrery
