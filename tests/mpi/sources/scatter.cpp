#include "sources/scatter.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <filesystem>
#include <fstream>

#include "laws/rotation.hpp"
#include "particles/uniform_source.hpp"
#include "world.hpp"

namespace orrery::test {
namespace {

/// Defaults, with the range of speeds that the rotation asks for.
ParticleOptions drawn_options() {
  ParticleOptions options;
  options.ranges = {{.name = "speed", .description = "speed"}};
  return options;
}

ParticleStore scatter_from(const ParticleOptions& options) {
  const RotationLaw law;
  Bookkeeping books;
  OpenSource source = open_source(options, shape_of(law), {}, world());
  return scatter(source, shape_of(law), world(), books);
}

class Scatter : public testing::Test {
protected:
  /// Writes a table on the root; row k has x = k, y = -k, speed = k / 2.
  ParticleOptions table(std::int64_t count, std::int64_t id_factor) {
    if (world().is_root()) {
      std::ofstream file(path_);
      file.precision(17);
      file << (id_factor != 0 ? "id,x,y,speed\n" : "x,y,speed\n");
      for (std::int64_t row = 0; row < count; ++row) {
        if (id_factor != 0) file << (id_factor > 0 ? row * id_factor : (row - count + 1) * id_factor) << ",";
        file << row << "," << -row << "," << static_cast<double>(row) / 2 << "\n";
      }
    }
    ParticleOptions options;
    options.source = SourceKind::file;
    options.file = path_;
    return options;
  }
  void TearDown() override {
    std::int64_t done = 0;
    world().sum(std::span(&done, 1));
    if (world().is_root()) std::filesystem::remove(path_);
  }
  std::string path_ = testing::TempDir() + "orrery_scatter_" + std::to_string(world().size()) + ".csv";
};

TEST_F(Scatter, MakesEveryParticleOnTheRankThatOwnsIt) {
  for (const std::uint64_t count : {0U, 1U, 3U, 10'007U}) {
    ParticleOptions options = drawn_options();
    options.count = count;
    const ParticleStore particles = scatter_from(options);
    const Range mine = EvenSplit(static_cast<std::int64_t>(count), world().size()).part(world().rank());
    EXPECT_EQ(static_cast<std::int64_t>(particles.size()), mine.size());
    ParticleRows expected(2, 1, 0);
    UniformSource(options, {"speed"}).read(mine, expected);
    for (std::size_t row = 0; row < particles.size(); ++row) {
      EXPECT_EQ(particles.ids()[row], expected.id[row]);
      EXPECT_EQ(particles.initial(0)[row], expected.position[0][row]);
      EXPECT_EQ(particles.initial(1)[row], expected.position[1][row]);
      EXPECT_EQ(particles.parameter(0)[row], expected.parameter[0][row]);
    }
  }
}

TEST_F(Scatter, SendsRowsOfAFileToTheirOwners) {
  // More rows than travel at a time, ids that count up, that do not, and none.
  for (const std::int64_t count : {0, 1, 5, 200'003}) {
    for (const std::int64_t id_factor : {0, 1, 3}) {
      const ParticleStore particles = scatter_from(table(count, id_factor));
      const Range mine = EvenSplit(count, world().size()).part(world().rank());
      EXPECT_EQ(static_cast<std::int64_t>(particles.size()), mine.size());
      const std::uint64_t factor = id_factor == 0 ? 1 : static_cast<std::uint64_t>(id_factor);
      int wrong = 0;
      for (std::size_t row = 0; row < particles.size(); ++row) {
        const auto global = static_cast<std::uint64_t>(mine.begin) + row;
        const auto k = static_cast<double>(global);
        const bool right = particles.ids()[row] == ParticleId{global * factor} &&
                           particles.initial(0)[row] == k && particles.initial(1)[row] == -k &&
                           particles.parameter(0)[row] == k / 2;
        wrong += right ? 0 : 1;
      }
      EXPECT_EQ(wrong, 0) << count << " rows, id factor " << id_factor;
    }
  }
}

TEST_F(Scatter, SortsFilesWhoseIdsDescend) {
  constexpr std::int64_t count = 1001;
  const ParticleStore particles = scatter_from(table(count, -2));
  const Range mine = EvenSplit(count, world().size()).part(world().rank());
  for (std::size_t row = 0; row < particles.size(); ++row) {
    const auto global = static_cast<std::uint64_t>(mine.begin) + row;
    EXPECT_EQ(particles.ids()[row], ParticleId{2 * global});
    EXPECT_EQ(particles.initial(0)[row], static_cast<double>(count - 1) - static_cast<double>(global));
  }
}

TEST_F(Scatter, SortsRowsInAnyOrderAndFindsThatIdsCountUp) {
  for (const std::int64_t count : {1, 2, 3, 100'003}) {
    for (const std::uint64_t gap : {std::uint64_t{1}, std::uint64_t{90'000'000'000'000}}) {
      if (world().is_root()) {
        std::ofstream file(path_);
        file.precision(17);
        file << "id,x,y,speed\n";
        // 7,919 is a prime, and so every row comes once.
        for (std::int64_t row = 0; row < count; ++row) {
          const std::int64_t k = (row * 7919 + 5) % count;
          file << 11 + static_cast<std::uint64_t>(k) * gap << "," << k << "," << -k << "," << 2 * k << "\n";
        }
      }
      ParticleOptions options;
      options.source = SourceKind::file;
      options.file = path_;
      const ParticleStore particles = scatter_from(options);
      const Range mine = EvenSplit(count, world().size()).part(world().rank());
      ASSERT_EQ(static_cast<std::int64_t>(particles.size()), mine.size());
      EXPECT_EQ(particles.ids().bytes() == 0, gap == 1 || mine.size() <= 1) << count << ", " << gap;
      int wrong = 0;
      for (std::size_t row = 0; row < particles.size(); ++row) {
        const auto global = static_cast<std::uint64_t>(mine.begin) + row;
        const auto k = static_cast<double>(global);
        const bool right = particles.ids()[row] == ParticleId{11 + global * gap} &&
                           particles.initial(0)[row] == k && particles.initial(1)[row] == -k &&
                           particles.parameter(0)[row] == 2 * k;
        wrong += right ? 0 : 1;
      }
      EXPECT_EQ(wrong, 0) << count << " rows, gap " << gap;
      TearDown();
    }
  }
}

TEST_F(Scatter, NamesBothLinesOfTheLowestIdThatIsDuplicated) {
  if (world().is_root()) {
    std::ofstream file(path_);
    file << "id,x,y,speed\n";
    for (int row = 0; row < 50; ++row) file << (row == 31 ? 8 : row == 44 ? 20 : 100 - 2 * row) << ",1,2,3\n";
  }
  ParticleOptions options;
  options.source = SourceKind::file;
  options.file = path_;
  try {
    scatter_from(options);
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_EQ(error.code(), ExitCode::input_data);
    EXPECT_NE(std::string(error.what()).find("id 8 is duplicated, at line 33 and line 48; every particle"),
              std::string::npos)
        << error.what();
  }
}

TEST_F(Scatter, TellsAllRanksOfABadFile) {
  ParticleOptions options;
  options.source = SourceKind::file;
  options.file = "/nonexistent/particles.csv";
  try {
    scatter_from(options);
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_EQ(error.code(), ExitCode::input_data);
    EXPECT_EQ(error.failures().size(), 1U);
  }
}

/// Fails from some particle on.
class FailingSource final : public ParticleSource {
public:
  std::int64_t count() const override { return 100'000; }
  bool consecutive_ids() const override { return true; }
  void read(Range rows, ParticleRows& into) override {
    if (rows.end > 50'000) throw Error(ExitCode::input_data, "no more particles");
    into.resize(static_cast<std::size_t>(rows.size()));
  }
};

TEST(ScatterOfAGenerator, CarriesWhatAThreadThrowsToAllRanks) {
  const RotationLaw law;
  Bookkeeping books;
  const int threads = omp_get_max_threads();
  omp_set_num_threads(4);
  OpenSource source;
  source.count = 100'000;
  source.on_every_rank = true;
  source.source = std::make_unique<FailingSource>();
  try {
    scatter(source, shape_of(law), world(), books);
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_EQ(error.code(), ExitCode::input_data);
    EXPECT_EQ(error.failures().back().message, "no more particles");
  }
  omp_set_num_threads(threads);
}

}  // namespace
}  // namespace orrery::test
