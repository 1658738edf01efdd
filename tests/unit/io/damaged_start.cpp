// A start file of our own that was damaged begins no run with other numbers: flipped bits, overwritten words,
// lost ends.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>

#include "core/error.hpp"
#include "io/open_source.hpp"
#include "io/trajectory_file.hpp"
#include "laws/lennard_jones.hpp"
#include "sanitizers.hpp"

namespace orrery {
namespace {

constexpr std::int64_t particles = 40;
constexpr int frames = 3;

/// All that a run takes from a file.
struct Taken {
  ParticleRows rows{3, 3, 0};
  std::optional<std::int64_t> step;
  std::array<double, 3> lengths{};
  std::string configuration;

  bool operator==(const Taken& other) const {
    return rows.id == other.rows.id && rows.position == other.rows.position &&
           rows.parameter == other.rows.parameter && step == other.step && lengths == other.lengths &&
           configuration == other.configuration;
  }
};

class DamagedStart : public testing::Test {
protected:
  void SetUp() override {
    write_trajectory();
    std::ifstream stream(path_, std::ios::binary);
    content_.assign(std::istreambuf_iterator<char>(stream), {});
    const auto whole = take();
    ASSERT_TRUE(whole.has_value());
    whole_ = *whole;
    ASSERT_EQ(std::ssize(whole_.rows.id), particles);
    ASSERT_EQ(whole_.step, 20);
    ASSERT_EQ(whole_.lengths[1], 9.0);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void write_trajectory() {
    const Field position{.name = "position", .components = 3, .type = ElementType::float64};
    const Field velocity{.name = "velocity", .components = 3, .type = ElementType::float64};
    const FrameLayout layout{.constant = {{.name = "id", .components = 1, .type = ElementType::int64}},
                             .per_frame = {position, velocity}};
    TrajectoryFile file(path_, {.particle_count = particles,
                                .box_lengths = {8.0, 9.0, 10.0},
                                .is_periodic = {true, true, true},
                                .layout = layout,
                                .diagnostics = {"total_energy", "temperature"},
                                .planned_frames = frames,
                                .configuration = "[law]\nname = lennard-jones\n",
                                .provenance = {{"law", "lennard-jones"}}});
    std::vector<std::int64_t> ids(particles);
    for (std::size_t row = 0; row < ids.size(); ++row) ids[row] = 3 * static_cast<std::int64_t>(row);
    file.write_constant(0, 0, particles, reinterpret_cast<const std::byte*>(ids.data()));  // NOLINT
    std::vector<double> rows(3 * particles);
    for (int frame = 0; frame < frames; ++frame) {
      file.start_frame();
      for (const std::size_t field : {0U, 1U}) {
        for (std::size_t at = 0; at < rows.size(); ++at)
          rows[at] = 0.01 * static_cast<double>(at) + static_cast<double>(field + 1) * frame + 0.123;
        file.write_rows(field, 0, particles, reinterpret_cast<const std::byte*>(rows.data()));  // NOLINT
      }
      file.finish_frame({.step = 10 * frame, .time = 0.1 * frame, .diagnostics = {1.5, 0.7}});
    }
  }

  /// Nothing where the file is refused.
  std::optional<Taken> take() const {
    ParticleOptions options;
    options.source = SourceKind::file;
    options.file = path_;
    try {
      const auto source = open_file_source(options, 3, law_.parameters());
      Taken taken;
      source->read({0, source->count()}, taken.rows);
      taken.step = source->start().step;
      if (source->start().box) taken.lengths = source->start().box->lengths;
      taken.configuration = source->start().configuration;
      return taken;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::input_data) << error.what();
      EXPECT_NE(std::string(error.what()).find(path_), std::string::npos) << error.what();
      return std::nullopt;
    }
  }

  void write(const std::vector<char>& content) const {
    std::ofstream(path_, std::ios::binary).write(content.data(), std::ssize(content));
  }

  /// @return whether the file was refused
  bool is_refused(const std::vector<char>& content, const std::string& damage) const {
    write(content);
    const auto taken = take();
    EXPECT_TRUE(!taken || *taken == whole_) << damage;
    return !taken;
  }

  LennardJonesLaw law_;
  std::string path_ = testing::TempDir() + "orrery_damaged_" + std::to_string(getpid()) + ".h5md";
  std::vector<char> content_;
  Taken whole_;
  std::mt19937 random_{20};
};

TEST_F(DamagedStart, BeginsNoRunWithOtherNumbersAfterAFlippedBit) {
  // The sanitizer ends the child for what HDF5 does, which is not what is tested.
  if (is_under_address_sanitizer) GTEST_SKIP() << "HDF5 reads beyond its buffers in damaged files";
  int refused = 0;
  for (int round = 0; round < 120; ++round) {
    auto content = content_;
    const std::size_t at = random_() % content.size();
    content[at] = static_cast<char>(content[at] ^ (1 << random_() % 8));
    refused += is_refused(content, "byte " + std::to_string(at)) ? 1 : 0;
  }
  EXPECT_GT(refused, 5);
}

TEST_F(DamagedStart, BeginsNoRunWithOtherNumbersAfterAnOverwrittenWord) {
  // The sanitizer ends the child for what HDF5 does, which is not what is tested.
  if (is_under_address_sanitizer) GTEST_SKIP() << "HDF5 reads beyond its buffers in damaged files";
  int refused = 0;
  for (int round = 0; round < 100; ++round) {
    auto content = content_;
    const std::size_t at = random_() % (content.size() - 8);
    const std::uint64_t word = (std::uint64_t{random_()} << 32 | random_()) >> random_() % 64;
    std::memcpy(content.data() + at, &word, sizeof(word));
    refused += is_refused(content, "8 bytes at " + std::to_string(at)) ? 1 : 0;
  }
  EXPECT_GT(refused, 5);
}

TEST_F(DamagedStart, BeginsNoRunOfAFileThatLostItsEnd) {
  for (int round = 1; round < 30; ++round) {
    auto content = content_;
    content.resize(content.size() * static_cast<std::size_t>(round) / 30);
    EXPECT_TRUE(is_refused(content, std::to_string(content.size()) + " bytes")) << content.size();
  }
}

TEST_F(DamagedStart, BeginsNoRunFromAnEarlierFrameBecauseTheCountIsWrong) {
  for (const std::int64_t count : {0, 1, 2, 4, -1}) {
    write(content_);
    {
      const Hdf5Handle file(H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
      const Hdf5Handle dataset(H5Dopen2(file.get(), "/run/valid_frames", H5P_DEFAULT), H5Dclose, "open");
      ASSERT_GE(H5Dwrite(dataset.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &count), 0);
    }
    const auto taken = take();
    // A writer that was ended before it counted its last frame leaves a file that cannot be told from this.
    EXPECT_EQ(taken.has_value(), count == 2) << count;
    EXPECT_TRUE(!taken || *taken == whole_) << count;
  }
}

TEST_F(DamagedStart, NamesWhatIsNotAsItWasWritten) {
  // The last word of the last frame's positions.
  const double last = whole_.rows.position[2].back();
  std::array<char, sizeof(double)> bytes{};
  std::memcpy(bytes.data(), &last, sizeof(last));
  const auto found = std::find_end(content_.begin(), content_.end(), bytes.begin(), bytes.end());
  ASSERT_NE(found, content_.end());
  auto content = content_;
  content[static_cast<std::size_t>(found - content_.begin())] ^= 1;
  write(content);
  ParticleOptions options;
  options.source = SourceKind::file;
  options.file = path_;
  try {
    open_file_source(options, 3, law_.parameters());
    ADD_FAILURE() << "taken";
  } catch (const Error& error) {
    EXPECT_NE(
        std::string(error.what()).find("frame 2: position does not have the checksum it was written with"),
        std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace orrery
