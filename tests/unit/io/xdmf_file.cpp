#include "io/xdmf_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/error.hpp"
#include "io/trajectory_file.hpp"
#include "io/xdmf_text.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const FrameLayout layout{
    .constant = {{.name = "speed", .components = 1, .type = ElementType::float64},
                 {.name = "id", .components = 1, .type = ElementType::int64}},
    .per_frame = {
        {.name = "position", .components = 3, .type = ElementType::float64, .dimension = Dimension::length},
        {.name = "velocity", .components = 3, .type = ElementType::float64},
        {.name = "force", .components = 3, .type = ElementType::float64}}};

class XdmfFileTest : public testing::Test {
protected:
  void SetUp() override {
    fs::remove_all(directory_);
    fs::create_directories(directory_ + "/sub");
  }
  void TearDown() override { fs::remove_all(directory_); }
  static std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  template <class Action>
  static std::string refusal(const Action& action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::output);
      return error.what();
    }
    return "accepted";
  }
  /// A trajectory of two particles.
  TrajectoryFile make(const std::string& sidecar = "") const {
    return {trajectory_,
            {.particle_count = 2,
             .layout = layout,
             .diagnostics = {},
             .planned_frames = 3,
             .configuration = "",
             .provenance = {},
             .sidecar = sidecar}};
  }
  static void write_frame(TrajectoryFile& file, bool finish = true) {
    const std::array<double, 6> rows{};
    file.start_frame();
    for (std::size_t index = 0; index < layout.per_frame.size(); ++index)
      file.write_rows(index, 0, 2, reinterpret_cast<const std::byte*>(rows.data()));
    const auto frame = static_cast<double>(file.finished_frames());
    if (finish)
      file.finish_frame({.step = file.finished_frames() * 10, .time = frame / 3, .diagnostics = {}});
  }

  void make_one_frame() const {
    auto file = make();
    write_frame(file);
    file.close();
  }

  std::string directory_ =
      testing::TempDir() + "orrery_xdmf_" + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::string trajectory_ = directory_ + "/run.h5md";
  std::string path_ = directory_ + "/run.xdmf2";
};

TEST_F(XdmfFileTest, HoldsAWholeTextAfterEveryFrame) {
  const auto described = description_of(trajectory_, 2, layout);
  XdmfFile file(path_, described);
  std::vector<std::int64_t> steps;
  std::vector<double> times;
  EXPECT_FALSE(fs::exists(path_)) << "there is nothing to show yet";
  for (std::int64_t frame = 0; frame < 20; ++frame) {
    steps.push_back(frame * frame);
    times.push_back(0.1 * static_cast<double>(frame));
    file.add_frame(steps.back(), times.back());
    EXPECT_EQ(text_of(path_), xdmf_text(described, "run.h5md", steps, times));
  }
  file.close();
}

TEST_F(XdmfFileTest, HoldsAWholeTextOfNoParticles) {
  const auto described = description_of(trajectory_, 0, layout);
  XdmfFile file(path_, described);
  file.add_frame(0, 0);
  EXPECT_EQ(text_of(path_),
            xdmf_text(described, "run.h5md", std::array<std::int64_t, 1>{}, std::array<double, 1>{}));
}

TEST_F(XdmfFileTest, TakesThePlaceOfAnOlderOneInOneMove) {
  std::ofstream(path_) << "old";
  fs::create_hard_link(path_, directory_ + "/kept");
  XdmfFile file(path_, description_of(trajectory_, 2, layout));
  EXPECT_EQ(text_of(path_), "old") << "of an older trajectory, which is still there";
  file.add_frame(0, 0);
  EXPECT_EQ(text_of(directory_ + "/kept"), "old");
  EXPECT_THAT(text_of(path_), HasSubstr("step 0"));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 3);  // run.xdmf2, kept, sub
}

TEST_F(XdmfFileTest, KeepsTheTextWithoutAFrameForWhichThereIsNoRoom) {
  XdmfFile file(path_, description_of(trajectory_, 2, layout));
  file.add_frame(0, 0);
  const std::string before = text_of(path_);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit tight{before.size() + 100, limit.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &tight);
  const std::string message = refusal([&] { file.add_frame(10, 1); });
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(message, "cannot write XDMF file '" + path_ +
                         "': File too large; make room and run on from the last frame");
  EXPECT_EQ(text_of(path_), before);
}

TEST_F(XdmfFileTest, NoticesThatItWasReplaced) {
  XdmfFile file(path_, description_of(trajectory_, 2, layout));
  file.add_frame(0, 0);
  fs::rename(path_, directory_ + "/mine");
  std::ofstream(path_) << "another";
  EXPECT_THAT(refusal([&] { file.add_frame(10, 1); }), HasSubstr("was removed or replaced"));
  EXPECT_EQ(text_of(path_), "another");
}

TEST_F(XdmfFileTest, OfNoFrameSaysSo) {
  XdmfFile file(path_, description_of(trajectory_, 2, layout));
  file.close();
  EXPECT_THAT(text_of(path_), HasSubstr("no frame yet"));
}

TEST_F(XdmfFileTest, SaysWhyItCannotBeMade) {
  EXPECT_EQ(refusal([&] {
              const XdmfFile file(directory_ + "/no/run.xdmf2", description_of(trajectory_, 2, layout));
            }),
            "cannot write XDMF file '" + directory_ + "/no/run.xdmf2': No such file or directory");
  fs::create_directory(path_);
  EXPECT_THAT(refusal([&] { const XdmfFile file(path_, description_of(trajectory_, 2, layout)); }),
              HasSubstr("directory"));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 2);  // no draft is left
}

TEST_F(XdmfFileTest, IsAboutAsLargeAsEstimated) {
  const auto described = description_of(trajectory_, 100'000, layout);
  XdmfFile file(path_, described);
  for (std::int64_t frame = 0; frame < 1000; ++frame)
    file.add_frame(1000 * frame, 1e-3 * static_cast<double>(frame));
  const auto estimate = XdmfFile::estimated_bytes(described, 1000);
  EXPECT_LE(fs::file_size(path_), estimate);
  EXPECT_GE(fs::file_size(path_), estimate * 9 / 10);
}

TEST_F(XdmfFileTest, OfARunIsWhatIsWrittenForItsTrajectory) {
  auto file = make(path_);
  for (int frame = 0; frame < 3; ++frame) write_frame(file);
  file.close();
  write_xdmf(TrajectoryReader(trajectory_), directory_ + "/again.xdmf2");
  EXPECT_EQ(text_of(directory_ + "/again.xdmf2"), text_of(path_));
}

TEST_F(XdmfFileTest, NamesOnlyFramesThatAreComplete) {
  {
    auto file = make(path_);
    write_frame(file);
    write_frame(file, false);
  }
  EXPECT_THAT(text_of(path_), Not(HasSubstr("step 10")));
  write_xdmf(TrajectoryReader(trajectory_), directory_ + "/again.xdmf2");
  EXPECT_EQ(text_of(directory_ + "/again.xdmf2"), text_of(path_));
}

TEST_F(XdmfFileTest, NamesATrajectoryInAnotherDirectory) {
  make_one_frame();
  write_xdmf(TrajectoryReader(trajectory_), directory_ + "/sub/run.xdmf2");
  EXPECT_THAT(text_of(directory_ + "/sub/run.xdmf2"), HasSubstr(">../run.h5md:/particles"));
}

TEST_F(XdmfFileTest, KeepsAnExistingFileUnlessItMayBeReplaced) {
  make_one_frame();
  std::ofstream(path_) << "precious";
  const TrajectoryReader reader(trajectory_);
  EXPECT_THAT(refusal([&] { write_xdmf(reader, path_); }), HasSubstr("it exists"));
  EXPECT_EQ(text_of(path_), "precious");
  write_xdmf(reader, path_, true);
  EXPECT_THAT(text_of(path_), HasSubstr("step 0"));
}

TEST_F(XdmfFileTest, RefusesATrajectoryThatXdmfCannotName) {
  trajectory_ = directory_ + "/a:b.h5md";
  make_one_frame();
  EXPECT_THAT(refusal([&] { write_xdmf(TrajectoryReader(trajectory_), path_); }),
              HasSubstr("(there is a ':' in it); rename that"));
  EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace orrery
