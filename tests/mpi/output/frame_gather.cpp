#include "output/frame_gather.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <optional>

#include "world.hpp"

namespace orrery::test {
namespace {

FrameLayout layout() {
  return {.constant = {{.name = "id", .components = 1, .type = ElementType::int64}},
          .per_frame = {{.name = "position",
                         .components = 3,
                         .type = ElementType::float64,
                         .dimension = Dimension::length}}};
}

/// Every number says which frame, row and axis it is.
double label(std::int64_t frame, std::int64_t row, int axis) {
  return static_cast<double>(frame) * 1e6 + static_cast<double>(row) * 10 + axis;
}

class FrameGatherTest : public testing::Test {
protected:
  /// Gathers some frames of labelled rows through slices of `slice_rows` and checks the file.
  void gather_and_check(std::int64_t count, std::int64_t slice_rows, std::int64_t frames) {
    const EvenSplit split(count, world().size());
    const Range mine = split.part(world().rank());
    std::optional<FrameWriter> writer;
    if (world().is_root()) {
      writer.emplace(TrajectoryFile(path_, {.particle_count = count,
                                            .layout = layout(),
                                            .diagnostics = {},
                                            .configuration = "",
                                            .provenance = {}}),
                     layout(), slice_rows);
    }
    world().apply([&] {
      FrameGather gather(world(), split, layout(), slice_rows, writer ? &*writer : nullptr, clock_);
      gather.start_constant([&](Range rows, std::span<std::byte* const> fields) {
        for (std::int64_t row = rows.begin; row < rows.end; ++row) {
          const std::int64_t id = 3 * (mine.begin + row);
          std::memcpy(fields[0] + 8 * (row - rows.begin), &id, 8);
        }
      });
      for (std::int64_t frame = 0; frame < frames; ++frame) {
        gather.finish();
        gather.start_frame([&, frame](Range rows, std::span<std::byte* const> fields) {
          for (std::int64_t row = rows.begin; row < rows.end; ++row) {
            for (int axis = 0; axis < 3; ++axis) {
              const double value = label(frame, mine.begin + row, axis);
              std::memcpy(fields[0] + 24 * (row - rows.begin) + 8 * axis, &value, 8);
            }
          }
        });
        gather.progress();  // before what is said beside the rows is known
        gather.describe_frame({.step = 10 * frame, .time = 0, .diagnostics = {}});
      }
      gather.finish();
      if (writer) writer->close();
    });
    if (world().is_root()) check_file(count, frames);
  }

  void check_file(std::int64_t count, std::int64_t frames) {
    const Hdf5Handle file(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open");
    const Hdf5Handle positions(H5Dopen2(file.get(), "/particles/trajectory/position/value", H5P_DEFAULT),
                               H5Dclose, "open");
    const Hdf5Handle ids(H5Dopen2(file.get(), "/particles/trajectory/id", H5P_DEFAULT), H5Dclose, "open");
    EXPECT_EQ(extents_of(positions.get()),
              (std::vector<hsize_t>{static_cast<hsize_t>(frames), static_cast<hsize_t>(count), 3}));
    const Hdf5Handle steps(H5Dopen2(file.get(), "/particles/trajectory/position/step", H5P_DEFAULT), H5Dclose,
                           "open");
    std::vector<std::int64_t> step(static_cast<std::size_t>(frames));
    H5Dread(steps.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, step.data());
    for (std::int64_t frame = 0; frame < frames; ++frame)
      EXPECT_EQ(step[static_cast<std::size_t>(frame)], 10 * frame);
    if (count == 0) return;
    std::vector<double> values(static_cast<std::size_t>(frames * count * 3));
    std::vector<std::int64_t> id(static_cast<std::size_t>(count));
    H5Dread(positions.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dread(ids.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, id.data());
    std::size_t at = 0;
    for (std::int64_t frame = 0; frame < frames; ++frame) {
      for (std::int64_t row = 0; row < count; ++row) {
        ASSERT_EQ(id[static_cast<std::size_t>(row)], 3 * row);
        for (int axis = 0; axis < 3; ++axis) ASSERT_EQ(values[at++], label(frame, row, axis));
      }
    }
  }

  void TearDown() override {
    if (world().is_root()) std::filesystem::remove(path_);
  }
  PhaseClock clock_;
  std::string path_ = testing::TempDir() + "orrery_gather_" + std::to_string(world().size()) + ".h5md";
};

TEST_F(FrameGatherTest, BringsEveryRowToItsPlaceWhateverTheSlices) {
  for (const std::int64_t count : {0, 1, 2, 3, 5, 100, 1009}) {
    for (const std::int64_t slice_rows : {1, 7, 64, 2000}) {
      if (count > 100 && slice_rows == 1) continue;
      gather_and_check(count, slice_rows, 3);
    }
  }
}

TEST_F(FrameGatherTest, EndsOnAllRanksWhenWritingFailsOnTheRoot) {
  const EvenSplit split(1000, world().size());
  std::optional<FrameWriter> writer;
  if (world().is_root()) {
    // A file for fewer rows than will come.
    writer.emplace(TrajectoryFile(path_, {.particle_count = 10,
                                          .layout = layout(),
                                          .diagnostics = {},
                                          .configuration = "",
                                          .provenance = {}}),
                   layout(), 10);
  }
  try {
    world().apply([&] {
      FrameGather gather(world(), split, layout(), 10, writer ? &*writer : nullptr, clock_);
      gather.start_frame([](Range rows, std::span<std::byte* const> fields) {
        std::memset(fields[0], 0, static_cast<std::size_t>(24 * rows.size()));
      });
      gather.finish();
      if (!writer) world().wait_until([] { return false; });
    });
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_EQ(error.failures().size(), 1U);
    EXPECT_EQ(error.failures().front().rank, 0);
    EXPECT_EQ(error.code(), ExitCode::output);
  }
}

}  // namespace
}  // namespace orrery::test
