#include "io/trajectory_reader.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "core/number_text.hpp"
#include "io/hdf5_dataset.hpp"
#include "io/hdf5_layout.hpp"
#include "io/hdf5_read.hpp"
#include "io/unit_names.hpp"

namespace orrery {
namespace {

constexpr std::uint64_t usual_memory = std::uint64_t{512} << 20;

/// What the library keeps of a data set where we do not ask for more [bytes].
constexpr std::size_t usual_cache = std::size_t{1} << 20;

std::string first_of(const std::vector<std::string>& texts) {
  return texts.empty() ? "" : texts.front();
}

template <class Number>
std::vector<Number> read_numbers_of(const Hdf5Handle& dataset, const std::string& path, ElementType type,
                                    std::int64_t first, std::int64_t count) {
  std::vector<Number> numbers(static_cast<std::size_t>(count));
  read_block(dataset, type, std::array{static_cast<hsize_t>(first)}, std::array{static_cast<hsize_t>(count)},
             numbers.data(), "cannot read " + path);
  return numbers;
}

template <class Number>
std::span<Number> room_for(std::vector<std::byte>& rows) {
  return {reinterpret_cast<Number*>(rows.data()), rows.size() / sizeof(Number)};  // NOLINT
}

}  // namespace

void TrajectoryReader::refuse(const std::string& problem) const {
  throw Error(ExitCode::input_data, called_ + ": " + problem);
}

TrajectoryReader::TrajectoryReader(const std::string& path, const std::string& group,
                                   const std::string& called, const std::string& chooser)
    : path_(path),
      called_(called.empty() ? "'" + path + "'" : called),
      file_(open_unsearched(path, called_)) {
  reading([&] { describe(group, chooser); });
}

FileIdentity TrajectoryReader::identity() const {
  return reading([this] {
    void* descriptor = nullptr;
    check_hdf5(H5Fget_vfd_handle(file_.get(), H5P_DEFAULT, &descriptor), "cannot tell which file is open");
    return identity_of_descriptor(*static_cast<const int*>(descriptor), path_);
  });
}

std::uint64_t TrajectoryReader::working_memory() const {
  // A chunk is held as it is stored and as it is unpacked; ids that do not ascend are sorted.
  return usual_memory + 3 * most_chunk_ + 24 * static_cast<std::uint64_t>(description_.particles);
}

/// @pre it is known that there is such a data set
const Hdf5Handle& TrajectoryReader::open(const std::string& dataset) const {
  const auto known = open_.find(dataset);
  if (known != open_.end()) return known->second;
  Hdf5Handle handle = open_dataset(file_.get(), dataset);
  const Storage storage = storage_of(handle, dataset);
  most_chunk_ = std::max(most_chunk_, storage.chunk_bytes);
  if (storage.is_filtered && storage.chunk_bytes > usual_cache) {
    // A chunk that does not stay is unpacked anew for every piece of it.
    const Hdf5Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "cannot describe " + dataset);
    check_hdf5(H5Pset_chunk_cache(access.get(), H5D_CHUNK_CACHE_NSLOTS_DEFAULT, storage.chunk_bytes,
                                  H5D_CHUNK_CACHE_W0_DEFAULT),
               "cannot describe " + dataset);
    handle = Hdf5Handle(H5Dopen2(file_.get(), dataset.c_str(), access.get()), H5Dclose,
                        "cannot open data set " + dataset);
  }
  return open_.emplace(dataset, std::move(handle)).first->second;
}

void TrajectoryReader::describe(const std::string& group, const std::string& chooser) {
  TrajectoryDescription& d = description_;
  d.file = path_;
  std::error_code status;
  d.file_bytes = std::filesystem::file_size(path_, status);
  const hid_t file = file_.get();
  // A running writer extends the data first and then counts the frame: so the count is read before anything
  // is known of the data, which the library remembers as it first saw them.
  const char* const count = "/run/valid_frames";
  if (is_plain_dataset(file, count)) {
    const auto valid = whole_number_in(file, count);
    d.says_valid_frames = valid.has_value();
    d.valid_frames = valid.value_or(0);
    if (!valid) d.problems.emplace_back("/run/valid_frames is not a single whole number");
  }
  refuse_parts_elsewhere(file);
  if (!is_group(file, "/h5md") && !is_group(file, "/particles"))
    refuse("it is an HDF5 file, but not an H5MD trajectory (there is no group /h5md)");
  if (!is_group(file, "/h5md"))
    d.problems.emplace_back("there is no group /h5md, so that it is not an H5MD trajectory to all readers");
  const auto version = texts_of(file, "/h5md", "version");
  for (const auto& part : version) d.h5md_version += (d.h5md_version.empty() ? "" : ".") + part;
  const std::string creator_version = first_of(texts_of(file, "/h5md/creator", "version"));
  d.creator = first_of(texts_of(file, "/h5md/creator", "name"));
  if (!creator_version.empty()) d.creator += " " + creator_version;
  d.author = first_of(texts_of(file, "/h5md/author", "name"));
  find_group(group, chooser);
  describe_run();
  describe_fields();
  set_clocks();
  describe_frames();
  describe_box();
  refuse_false_claims();
  describe_last_frame();
}

void TrajectoryReader::describe_run() {
  TrajectoryDescription& d = description_;
  const hid_t file = file_.get();
  if (is_group(file, "/run")) {
    d.planned_frames = whole_number_of(file, "/run", "planned_frames");
    d.earlier_steps = whole_number_of(file, "/run", "first_step").value_or(0);
  }
  d.parameters = attributes_of(file, "/parameters");
  d.configuration = text_in(file, "/parameters/config");
  d.has_checksums = is_dataset(file, "/run/checksums/frames");
  if (!is_dataset(file, "/parameters/timing")) return;
  const auto timing = stored_field("timing", "/parameters/timing");
  RunTiming found{
      .phases = texts_of(file, "/parameters/timing", "phases"), .seconds = {}, .wall_seconds = 0.0};
  constexpr std::int64_t most_ranks = std::int64_t{1} << 20;
  if (timing.extents.size() != 2 || timing.type != ElementType::float64 || timing.extents[0] > most_ranks ||
      timing.extents[1] != static_cast<std::int64_t>(found.phases.size())) {
    d.problems.emplace_back("/parameters/timing is not seconds of shape (ranks, phases)");
    return;
  }
  if (8.0 * static_cast<double>(timing.extents[0]) * static_cast<double>(timing.extents[1]) >
      storage_of(open(timing.dataset), timing.dataset).most_bytes()) {
    d.problems.push_back(timing.dataset + " claims more numbers than the file holds");
    return;
  }
  found.seconds.resize(static_cast<std::size_t>(timing.extents[0] * timing.extents[1]));
  read_block(open(timing.dataset), ElementType::float64, std::array<hsize_t, 2>{0, 0},
             std::array{static_cast<hsize_t>(timing.extents[0]), static_cast<hsize_t>(timing.extents[1])},
             found.seconds.data(), "cannot read " + timing.dataset);
  const auto wall = attributes_of(file, timing.dataset);
  for (const auto& [name, value] : wall)
    if (name == "wall_seconds") found.wall_seconds = std::strtod(value.c_str(), nullptr);
  d.timing = std::move(found);
}

StoredField TrajectoryReader::stored_field(const std::string& name, const std::string& dataset) const {
  const auto handle = open_dataset(file_.get(), dataset);
  StoredField field{
      .name = name, .dataset = dataset, .type = element_type_of(handle), .extents = {}, .unit = {}};
  for (const hsize_t extent : extents_of(handle.get()))
    field.extents.push_back(static_cast<std::int64_t>(extent));
  field.unit = first_of(texts_of(file_.get(), dataset, "unit"));
  return field;
}

const StoredField* TrajectoryReader::find(const std::string& name) const {
  for (const auto* fields : {&description_.quantities, &description_.columns})
    for (const auto& field : *fields)
      if (field.name == name) return &field;
  return nullptr;
}

std::optional<std::int64_t> TrajectoryReader::row_of(const StoredField& quantity, std::int64_t frame) const {
  const StepClock& position = frames();
  const StepClock& clock = *quantity.clock;
  if (quantity.clock == description_.quantities.front().clock)
    return frame < position.frames() ? std::optional(position.row(frame)) : std::nullopt;
  if (!position.has_steps() || !clock.has_steps()) {
    // Without steps, rows can only be matched where there are as many of both.
    const bool are_alike = !position.has_steps() && !clock.has_steps() && position.frames() == clock.frames();
    return are_alike ? std::optional(clock.row(frame)) : std::nullopt;
  }
  return clock.row_at(position.step(frame));
}

std::optional<std::int64_t> TrajectoryReader::row_for(const StoredField& field, std::int64_t frame) const {
  if (field.is_once) return std::nullopt;
  const auto row = row_of(field, frame);
  if (!row) refuse(field.dataset + " has no row for frame " + std::to_string(frame));
  return row;
}

bool TrajectoryReader::is_whole(const StoredField& field) const {
  return reading([&] {
    const Hdf5Handle type(H5Dget_type(open(field.dataset).get()), H5Tclose, "cannot read a type");
    const H5T_class_t kind = H5Tget_class(type.get());
    return kind == H5T_INTEGER || kind == H5T_ENUM;
  });
}

/// @param row  of a field that has a row for each frame
void TrajectoryReader::read_block_of(const StoredField& field, std::optional<std::int64_t> row,
                                     std::int64_t first, std::int64_t count,
                                     std::vector<std::byte>& rows) const {
  std::vector<hsize_t> start, extents;
  if (row) {
    start.push_back(static_cast<hsize_t>(*row));
    extents.push_back(1);
  }
  start.push_back(static_cast<hsize_t>(first));
  extents.push_back(static_cast<hsize_t>(count));
  while (start.size() < field.extents.size()) {
    extents.push_back(static_cast<hsize_t>(field.extents[start.size()]));
    start.push_back(0);
  }
  std::size_t elements = 1;
  for (const hsize_t extent : extents) elements *= extent;
  rows.resize(elements * size_of(*field.type));
  read_block(open(field.dataset), *field.type, start, extents, rows.data(), "cannot read " + field.dataset);
}

void TrajectoryReader::read_rows(const StoredField& field, std::int64_t frame, std::int64_t first,
                                 std::int64_t count, std::vector<std::byte>& rows) const {
  reading([&] { read_block_of(field, row_for(field, frame), first, count, rows); });
}

void TrajectoryReader::read_stored_rows(const StoredField& quantity, std::int64_t row, std::int64_t first,
                                        std::int64_t count, std::vector<std::byte>& rows) const {
  reading([&] { read_block_of(quantity, row, first, count, rows); });
}

void TrajectoryReader::read_column(const StoredField& column, std::int64_t first, std::int64_t count,
                                   std::vector<std::byte>& rows) const {
  reading([&] { read_block_of(column, std::nullopt, first, count, rows); });
}

void TrajectoryReader::read_numbers(const StoredField& field, std::int64_t frame, std::int64_t first,
                                    std::int64_t count, int component, std::vector<double>& numbers) const {
  reading([&] {
    std::vector<hsize_t> start, extents;
    if (const auto row = row_for(field, frame)) {
      start.push_back(static_cast<hsize_t>(*row));
      extents.push_back(1);
    }
    start.push_back(static_cast<hsize_t>(first));
    extents.push_back(static_cast<hsize_t>(count));
    while (start.size() < field.extents.size()) {
      const bool is_one = component != all_components;
      extents.push_back(is_one ? 1 : static_cast<hsize_t>(field.extents[start.size()]));
      start.push_back(is_one ? static_cast<hsize_t>(component) : 0);
    }
    std::size_t elements = 1;
    for (const hsize_t extent : extents) elements *= extent;
    numbers.resize(elements);
    read_block(open(field.dataset), ElementType::float64, start, extents, numbers.data(),
               "cannot read " + field.dataset);
  });
}

void TrajectoryReader::read_ids(const StoredField& field, std::int64_t frame, std::int64_t first,
                                std::int64_t count, std::vector<std::uint64_t>& ids) const {
  std::vector<std::byte> rows;
  read_rows(field, frame, first, count, rows);
  ids.resize(static_cast<std::size_t>(count));
  const auto refuse_id = [&](std::size_t index, const std::string& id, const char* limit) {
    refuse(field.dataset + ", row " + std::to_string(first + static_cast<std::int64_t>(index)) + ": the id " +
           id + " is " + limit + "; ids are whole numbers from 0 to 9223372036854775807");
  };
  if (field.type == ElementType::uint64) {
    const auto stored = room_for<const std::uint64_t>(rows);
    for (std::size_t index = 0; index < stored.size(); ++index) {
      if (stored[index] > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        refuse_id(index, std::to_string(stored[index]), "too large");
      ids[index] = stored[index];
    }
    return;
  }
  for (std::size_t index = 0; index < ids.size(); ++index) {
    const std::int64_t id = field.type == ElementType::int32 ? room_for<const std::int32_t>(rows)[index]
                                                             : room_for<const std::int64_t>(rows)[index];
    if (id < 0) refuse_id(index, std::to_string(id), "below 0");
    ids[index] = static_cast<std::uint64_t>(id);
  }
}

std::vector<std::int64_t> TrajectoryReader::read_steps(std::int64_t first, std::int64_t count) const {
  std::vector<std::int64_t> steps(static_cast<std::size_t>(count));
  for (std::size_t index = 0; index < steps.size(); ++index)
    steps[index] = frames().step(first + static_cast<std::int64_t>(index));
  return steps;
}

std::vector<double> TrajectoryReader::read_times(std::int64_t first, std::int64_t count) const {
  return reading([&] {
    const std::string dataset = root_ + "position/time";
    std::vector<double> times(static_cast<std::size_t>(count));
    if (count == 0) return times;
    const std::int64_t from = frames().row(first);
    const auto row_from = [&](std::size_t index) {
      return frames().row(first + static_cast<std::int64_t>(index)) - from;
    };
    if (!extents_of(open(dataset).get()).empty()) {
      const auto all = read_numbers_of<double>(open(dataset), dataset, ElementType::float64, from,
                                               row_from(times.size() - 1) + 1);
      for (std::size_t index = 0; index < times.size(); ++index)
        times[index] = all[static_cast<std::size_t>(row_from(index))];
      return times;
    }
    double increment = 0.0;
    check_hdf5(H5Dread(open(dataset).get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &increment),
               "cannot read " + dataset);
    const auto offsets = texts_of(file_.get(), dataset, "offset");
    const double offset = offsets.size() == 1 ? parse_double(offsets[0]).value_or(0.0) : 0.0;
    for (std::size_t index = 0; index < times.size(); ++index)
      times[index] = offset + increment * static_cast<double>(from + row_from(index));
    return times;
  });
}

std::vector<double> TrajectoryReader::read_diagnostic(const std::string& name, std::int64_t first,
                                                      std::int64_t count) const {
  return reading([&] {
    const std::string dataset = "/diagnostics/" + name;
    return read_numbers_of<double>(open(dataset), dataset, ElementType::float64, first, count);
  });
}

void TrajectoryReader::read_units(StoredStart& start) const {
  reading([&] { read_unit_names(file_.get(), root_, start); });
}

TrajectoryReader::Checksums TrajectoryReader::read_frame_checksums(std::int64_t frame) const {
  return reading([&] {
    const std::string dataset = "/run/checksums/frames";
    Checksums sums{.of = texts_of(file_.get(), dataset, "of"), .values = {}};
    const auto field = stored_field("frames", dataset);
    const auto columns = static_cast<std::int64_t>(sums.of.size());
    if (field.extents.size() != 2 || field.extents[1] != columns || field.extents[0] <= frame)
      refuse(dataset + " does not have a row of " + std::to_string(columns) + " checksums for every frame");
    sums.values.resize(sums.of.size());
    read_block(open(dataset), ElementType::uint64, std::array{static_cast<hsize_t>(frame), hsize_t{0}},
               std::array{hsize_t{1}, static_cast<hsize_t>(columns)}, sums.values.data(),
               "cannot read " + dataset);
    return sums;
  });
}

std::int64_t TrajectoryReader::frames_counted_now() const {
  return reading([this] { return whole_number_in(file_.get(), "/run/valid_frames").value_or(0); });
}

std::int64_t TrajectoryReader::checksummed_frames() const {
  return reading([&] {
    const auto extents = extents_of(open("/run/checksums/frames").get());
    return extents.empty() ? 0 : static_cast<std::int64_t>(extents[0]);
  });
}

TrajectoryReader::Checksums TrajectoryReader::read_constant_checksums() const {
  return reading([&] {
    const std::string dataset = "/run/checksums/constants";
    if (!is_dataset(file_.get(), dataset)) refuse("data set " + dataset + " is missing");
    Checksums sums{.of = texts_of(file_.get(), dataset, "of"), .values = {}};
    const auto count = static_cast<std::int64_t>(sums.of.size());
    const auto field = stored_field("constants", dataset);
    if (field.extents.size() != 1 || field.extents[0] != count)
      refuse(dataset + " does not have a checksum for each of its " + std::to_string(count) + " names");
    sums.values = read_numbers_of<std::uint64_t>(open(dataset), dataset, ElementType::uint64, 0, count);
    return sums;
  });
}

}  // namespace orrery
