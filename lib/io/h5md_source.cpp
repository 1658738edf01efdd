#include "io/h5md_source.hpp"

#include <array>
#include <cmath>

#include "core/number_text.hpp"
#include "io/column_values.hpp"
#include "io/hdf5_read.hpp"
#include "io/unit_names.hpp"

namespace orrery {
namespace {

const std::string group = "/particles/trajectory/";

bool holds(const Hdf5Handle& dataset, H5T_class_t wanted) {
  const Hdf5Handle type(H5Dget_type(dataset.get()), H5Tclose, "cannot read a type");
  return H5Tget_class(type.get()) == wanted;
}

template <class Number>
void read_block(const Hdf5Handle& dataset, hid_t memory_type, std::span<const hsize_t> start,
                std::span<const hsize_t> count, std::vector<Number>& numbers, const std::string& what) {
  hsize_t total = 1;
  for (const hsize_t extent : count) total *= extent;
  numbers.resize(total);
  if (total == 0) return;
  const Hdf5Handle space(H5Dget_space(dataset.get()), H5Sclose, what);
  check_hdf5(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
             what);
  const auto memory = make_space(count);
  check_hdf5(H5Dread(dataset.get(), memory_type, memory.get(), space.get(), H5P_DEFAULT, numbers.data()),
             what);
}

}  // namespace

H5mdReader::H5mdReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters)
    : file_(file), axes_(axes) {
  handle_ = open_for_reading(file, "cannot use particles.file '" + file + "'");
  try {
    open_all(parameters);
  } catch (const Hdf5Error& error) {
    refuse(error.what());
  }
}

void H5mdReader::open_all(std::span<const ParameterColumn> parameters) {
  read_unit_names(handle_.get(), group, start_);
  position_ = open_dataset(group + "position/value");
  const auto extents = extents_of(position_.get());
  if (extents.size() != 3 || !holds(position_, H5T_FLOAT))
    refuse(group + "position/value is not numbers of shape (frames, particles, axes)");
  stored_axes_ = static_cast<int>(extents[2]);
  if (stored_axes_ < axes_ || stored_axes_ > 3) {
    refuse(group + "position/value has " + std::to_string(stored_axes_) + " axes, the law needs " +
           std::to_string(axes_));
  }
  count_ = static_cast<std::int64_t>(extents[1]);
  frame_ = valid_frames(static_cast<std::int64_t>(extents[0])) - 1;
  if (frame_ < 0) refuse("it holds no complete frame");

  for (const auto& column : parameters)
    parameter_.push_back(column.values > 0 ? open_whole_numbers(column) : open_column(column));
  if (exists(handle_.get(), group + "id")) {
    id_ = open_dataset(group + "id");
    const auto shape = extents_of(id_.get());
    if (shape.size() != 1 || static_cast<std::int64_t>(shape[0]) != count_ || !holds(id_, H5T_INTEGER)) {
      refuse(group + "id is not one whole number for each of the " + std::to_string(count_) + " particles");
    }
  }
}

H5mdReader::StoredColumn H5mdReader::open_column(const ParameterColumn& column) const {
  StoredColumn stored{.column = column, .name = group + column.dataset, .dataset = {}};
  if (!column.is_constant()) {
    stored.name += "/value";
    stored.dataset = open_dataset(stored.name);
    const auto shape = extents_of(stored.dataset.get());
    stored.extents = shape.size();
    if (shape.size() != 3 || static_cast<std::int64_t>(shape[0]) <= frame_ ||
        static_cast<std::int64_t>(shape[1]) != count_ || static_cast<int>(shape[2]) <= column.component ||
        !holds(stored.dataset, H5T_FLOAT)) {
      refuse(stored.name + " does not have numbers for each of the " + std::to_string(count_) +
             " particles in the last frame");
    }
    return stored;
  }
  stored.dataset = open_dataset(stored.name);
  const auto shape = extents_of(stored.dataset.get());
  if (shape.size() != 1 || static_cast<std::int64_t>(shape[0]) != count_ ||
      !holds(stored.dataset, H5T_FLOAT)) {
    refuse(stored.name + " is not one number for each of the " + std::to_string(count_) + " particles");
  }
  return stored;
}

/// Stored once, or with every frame.
H5mdReader::StoredColumn H5mdReader::open_whole_numbers(const ParameterColumn& column) const {
  StoredColumn stored{.column = column, .name = group + column.dataset, .dataset = {}};
  if (!exists(handle_.get(), stored.name))
    refuse("data set " + stored.name + " is missing" + need_of(column));
  if (is_group(handle_.get(), stored.name)) stored.name += "/value";
  stored.dataset = open_dataset(stored.name);
  const auto shape = extents_of(stored.dataset.get());
  stored.extents = shape.size();
  const bool is_whole = holds(stored.dataset, H5T_INTEGER) || holds(stored.dataset, H5T_ENUM);
  const bool has_frame =
      shape.size() == 1 || (shape.size() == 2 && static_cast<std::int64_t>(shape[0]) > frame_);
  if (!is_whole || !has_frame || static_cast<std::int64_t>(shape.back()) != count_) {
    refuse(stored.name + " does not have a whole number for each of the " + std::to_string(count_) +
           " particles, once or in the last frame");
  }
  return stored;
}

Hdf5Handle H5mdReader::open_dataset(const std::string& path) const {
  if (!exists(handle_.get(), path)) refuse("data set " + path + " is missing");
  return {H5Dopen2(handle_.get(), path.c_str(), H5P_DEFAULT), H5Dclose, path + " is not a data set"};
}

std::int64_t H5mdReader::valid_frames(std::int64_t stored_frames) const {
  if (!exists(handle_.get(), "/run/valid_frames")) return stored_frames;
  const auto dataset = open_dataset("/run/valid_frames");
  std::int64_t frames = 0;
  if (!extents_of(dataset.get()).empty()) refuse("/run/valid_frames is not a single number");
  check_hdf5(H5Dread(dataset.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &frames),
             "cannot read /run/valid_frames");
  if (frames < 0 || frames > stored_frames) {
    refuse("/run/valid_frames says " + std::to_string(frames) + " frames, the file holds " +
           std::to_string(stored_frames));
  }
  return frames;
}

void H5mdReader::read_next(std::int64_t count, ParticleRows& rows) {
  rows.resize(static_cast<std::size_t>(count));
  const auto first = static_cast<hsize_t>(next_row_);
  const auto length = static_cast<hsize_t>(count);
  const auto row_at = [this](std::size_t index) { return next_row_ + static_cast<std::int64_t>(index); };
  try {
    std::vector<double> numbers;
    const std::string positions = group + "position/value";
    const auto stored = static_cast<std::size_t>(stored_axes_);
    read_block(position_, H5T_NATIVE_DOUBLE, std::array{static_cast<hsize_t>(frame_), first, hsize_t{0}},
               std::array{hsize_t{1}, length, static_cast<hsize_t>(stored_axes_)}, numbers,
               "cannot read " + positions);
    for (std::size_t index = 0; index < rows.size(); ++index) {
      for (std::size_t axis = 0; axis < stored; ++axis) {
        const double value = numbers[index * stored + axis];
        check_finite(positions, row_at(index), value);
        if (axis < rows.position.size()) {
          rows.position[axis][index] = value;
        } else if (value != 0.0) {
          refuse(positions + ", row " + std::to_string(row_at(index)) + ": z is " + to_text(value) +
                 ", but the law moves particles in the plane z = 0");
        }
      }
    }
    if (id_) {
      std::vector<std::int64_t> ids;
      read_block(id_, H5T_NATIVE_INT64, std::array{first}, std::array{length}, ids,
                 "cannot read " + group + "id");
      for (std::size_t index = 0; index < rows.size(); ++index) {
        if (ids[index] < 0) refuse(group + "id, row " + std::to_string(row_at(index)) + ": an id is below 0");
        rows.id[index] = ParticleId{static_cast<std::uint64_t>(ids[index])};
      }
    } else {
      for (std::size_t index = 0; index < rows.size(); ++index)
        rows.id[index] = ParticleId{static_cast<std::uint64_t>(row_at(index))};
    }
    for (std::size_t column = 0; column < parameter_.size(); ++column)
      read_column(parameter_[column], rows.id, rows.parameter[column]);
  } catch (const Hdf5Error& error) {
    refuse(error.what());
  }
  next_row_ += count;
}

void H5mdReader::read_column(const StoredColumn& column, std::span<const ParticleId> ids,
                             std::vector<double>& values) const {
  const std::string what = "cannot read " + column.name;
  const auto frame = static_cast<hsize_t>(frame_), first = static_cast<hsize_t>(next_row_),
             length = static_cast<hsize_t>(ids.size());
  if (column.extents == 1) {
    read_block(column.dataset, H5T_NATIVE_DOUBLE, std::array{first}, std::array{length}, values, what);
  } else if (column.extents == 2) {
    read_block(column.dataset, H5T_NATIVE_DOUBLE, std::array{frame, first}, std::array{hsize_t{1}, length},
               values, what);
  } else {
    read_block(column.dataset, H5T_NATIVE_DOUBLE,
               std::array{frame, first, static_cast<hsize_t>(column.column.component)},
               std::array{hsize_t{1}, length, hsize_t{1}}, values, what);
  }
  for (std::size_t index = 0; index < values.size(); ++index) {
    check_finite(column.name, next_row_ + static_cast<std::int64_t>(index), values[index]);
    const std::string problem = problem_with_value(column.column, ids[index], values[index]);
    if (!problem.empty()) refuse(column.name + ": " + problem);
  }
}

void H5mdReader::check_finite(const std::string& dataset, std::int64_t row, double value) const {
  if (!std::isfinite(value))
    refuse(dataset + ", row " + std::to_string(row) + ": the value is not a finite number");
}

void H5mdReader::refuse(const std::string& problem) const {
  throw Error(ExitCode::input_data, "cannot use particles.file '" + file_ + "': " + problem);
}

}  // namespace orrery
