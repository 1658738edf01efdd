#include "io/written_record.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/error.hpp"
#include "io/hdf5_dataset.hpp"

namespace orrery {
namespace {

/// Columns of a frame up to this size are read back; larger ones would take time.
constexpr std::uint64_t most_read_back = std::uint64_t{16} << 20;

constexpr const char* other_than_written = "is not what was written";

Hdf5Handle open_dataset(const Hdf5Handle& file, const std::string& name) {
  return {H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT), H5Dclose, name};
}

void expect(bool fact, const std::string& name) {
  if (!fact) throw Hdf5Error(name + " " + other_than_written);
}

/// The checksum of a series of numbers of 8 bytes, read piece by piece.
std::uint64_t checksum_of_series(const Hdf5Handle& file, const std::string& name, ElementType type,
                                 std::int64_t frames, std::span<const hsize_t> row) {
  const Hdf5Handle series = open_dataset(file, name);
  std::vector<hsize_t> shape{static_cast<hsize_t>(frames)};
  shape.insert(shape.end(), row.begin(), row.end());
  expect(extents_of(series.get()) == shape, name);
  hsize_t in_row = 1;
  for (const hsize_t extent : row) in_row *= extent;
  constexpr hsize_t most_frames = 65536;
  std::vector<std::uint64_t> numbers(std::min(most_frames, shape[0]) * in_row);
  Checksum sum;
  std::vector<hsize_t> start(shape.size(), 0), count = shape;
  for (; start[0] < shape[0]; start[0] += count[0]) {
    count[0] = std::min(most_frames, shape[0] - start[0]);
    read_block(series, type, start, count, numbers.data(), name);
    sum.add(std::as_bytes(std::span(numbers).first(count[0] * in_row)));
  }
  return sum.value();
}

/// Bytes that the chunks of a data set take, counted in its index.
std::uint64_t stored_bytes(const Hdf5Handle& dataset) {
  return H5Dget_storage_size(dataset.get());
}

}  // namespace

void WrittenRecord::add_frame(std::int64_t step, double time, std::span<const std::uint64_t> checksums) {
  ++frames_;
  steps_.add(std::as_bytes(std::span(&step, 1)));
  times_.add(std::as_bytes(std::span(&time, 1)));
  rows_.add(std::as_bytes(checksums));
  last_row_.assign(checksums.begin(), checksums.end());
}

void WrittenRecord::check(const std::string& path) const {
  try {
    compare(path);
  } catch (const Hdf5Error& error) {
    throw Error(ExitCode::output, "cannot write output.file '" + path + "': when it was read back, " +
                                      error.what() +
                                      "; another program wrote into it, or the disk is damaged; run again");
  }
}

void WrittenRecord::compare(const std::string& path) const {
  const Hdf5Handle access = access_without_locks();
  const Hdf5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose,
                        "it could not be opened");
  const Hdf5Handle count = open_dataset(file, "/run/valid_frames");
  std::int64_t frames = -1;
  check_hdf5(H5Dread(count.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &frames),
             "/run/valid_frames");
  expect(frames == frames_, "/run/valid_frames");

  const std::string root = "/particles/trajectory/", first = root + layout_.per_frame.front().name;
  expect(checksum_of_series(file, first + "/step", ElementType::int64, frames_, {}) == steps_.value(),
         first + "/step");
  expect(checksum_of_series(file, first + "/time", ElementType::float64, frames_, {}) == times_.value(),
         first + "/time");
  const std::string sums = "/run/checksums/frames";
  const hsize_t columns = layout_.per_frame.size() + 1;
  expect(
      checksum_of_series(file, sums, ElementType::uint64, frames_, std::span(&columns, 1)) == rows_.value(),
      sums);

  const auto particles = static_cast<std::uint64_t>(particles_);
  const auto chunk = static_cast<std::uint64_t>(chunk_rows(particles_));
  const std::uint64_t stored_rows = (particles + chunk - 1) / chunk * chunk;
  for (std::size_t index = 0; index < layout_.per_frame.size(); ++index) {
    const Field& field = layout_.per_frame[index];
    const std::string name = root + field.name + "/value";
    const Hdf5Handle column = open_dataset(file, name);
    const std::vector<hsize_t> shape{static_cast<hsize_t>(frames_), particles,
                                     static_cast<hsize_t>(field.components)};
    expect(extents_of(column.get()) == shape, name);
    if (particles == 0 || frames_ == 0) continue;
    expect(stored_bytes(column) == static_cast<std::uint64_t>(frames_) * stored_rows * field.row_bytes(),
           name);
    if (particles * field.row_bytes() > most_read_back) continue;
    std::vector<std::byte> rows(particles * field.row_bytes());
    read_block(column, field.type, std::array<hsize_t, 3>{shape[0] - 1, 0, 0},
               std::array<hsize_t, 3>{1, shape[1], shape[2]}, rows.data(), name);
    Checksum sum;
    sum.add(rows);
    expect(sum.value() == last_row_[index], name);
  }
}

}  // namespace orrery
