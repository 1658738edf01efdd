#include "io/trajectory_reader.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>

#include "core/number_text.hpp"
#include "io/hdf5_dataset.hpp"
#include "io/hdf5_read.hpp"

namespace orrery {
namespace {

/// What the group of particles is called where there are several.
constexpr const char* usual_group = "trajectory";

/// A chunk is read whole. What claims more is damaged, or was not made for reading row by row.
constexpr std::uint64_t most_chunk_bytes = std::uint64_t{1} << 30;

std::string first_of(const std::vector<std::string>& texts) {
  return texts.empty() ? "" : texts.front();
}

template <class Number>
std::vector<Number> read_numbers(hid_t file, const std::string& dataset, ElementType type, std::int64_t first,
                                 std::int64_t count) {
  std::vector<Number> numbers(static_cast<std::size_t>(count));
  read_block(open_dataset(file, dataset), type, std::array{static_cast<hsize_t>(first)},
             std::array{static_cast<hsize_t>(count)}, numbers.data(), "cannot read " + dataset);
  return numbers;
}

void refuse_huge_chunks(const Hdf5Handle& dataset, const StoredField& field) {
  const Hdf5Handle properties(H5Dget_create_plist(dataset.get()), H5Pclose, "cannot read " + field.dataset);
  if (H5Pget_layout(properties.get()) != H5D_CHUNKED) return;
  std::vector<hsize_t> chunk(field.extents.size());
  check_hdf5(H5Pget_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()),
             "cannot read " + field.dataset);
  double bytes = static_cast<double>(size_of(*field.type));
  for (const hsize_t extent : chunk) bytes *= static_cast<double>(extent);
  if (bytes > static_cast<double>(most_chunk_bytes))
    throw Hdf5Error(field.dataset + " claims to have chunks of more than 1 GiB");
}

void read_field(hid_t file, const StoredField& field, std::vector<hsize_t> start, std::vector<hsize_t> count,
                std::vector<std::byte>& rows) {
  const auto dataset = open_dataset(file, field.dataset);
  refuse_huge_chunks(dataset, field);
  std::size_t elements = 1;
  while (start.size() < field.extents.size()) {
    count.push_back(static_cast<hsize_t>(field.extents[start.size()]));
    start.push_back(0);
  }
  for (const hsize_t extent : count) elements *= extent;
  rows.resize(elements * size_of(*field.type));
  read_block(dataset, *field.type, start, count, rows.data(), "cannot read " + field.dataset);
}

}  // namespace

void TrajectoryReader::refuse(const std::string& problem) const {
  throw Error(ExitCode::input_data, "'" + path_ + "': " + problem);
}

/// The result of an action; what HDF5 throws becomes a fault of the file.
template <class Action>
auto TrajectoryReader::reading(const Action& action) const {
  try {
    return action();
  } catch (const Hdf5Error& error) {
    refuse(error.what());
  }
}

TrajectoryReader::TrajectoryReader(const std::string& path) : path_(path), file_(open_for_reading(path)) {
  reading([this] { describe(); });
}

void TrajectoryReader::describe() {
  TrajectoryDescription& d = description_;
  d.file = path_;
  std::error_code status;
  d.file_bytes = std::filesystem::file_size(path_, status);
  const hid_t file = file_.get();
  if (!is_group(file, "/h5md"))
    refuse("it is an HDF5 file, but not an H5MD trajectory (there is no group /h5md)");
  const auto version = texts_of(file, "/h5md", "version");
  for (const auto& part : version) d.h5md_version += (d.h5md_version.empty() ? "" : ".") + part;
  const std::string creator_version = first_of(texts_of(file, "/h5md/creator", "version"));
  d.creator = first_of(texts_of(file, "/h5md/creator", "name"));
  if (!creator_version.empty()) d.creator += " " + creator_version;
  d.author = first_of(texts_of(file, "/h5md/author", "name"));
  find_group();
  // A running writer extends the data first and then counts the frame: so the count is read first.
  describe_run();
  describe_fields();
  describe_frames();
  describe_last_frame();
}

void TrajectoryReader::find_group() {
  for (const auto& name : names_in(file_.get(), "/particles")) {
    if (!is_dataset(file_.get(), "/particles/" + name + "/position/value")) continue;
    description_.other_groups.push_back(name);
  }
  auto& groups = description_.other_groups;
  if (groups.empty()) refuse("it holds no particles (no data set /particles/<group>/position/value)");
  auto chosen = std::find(groups.begin(), groups.end(), usual_group);
  if (chosen == groups.end()) chosen = groups.begin();
  description_.group = *chosen;
  groups.erase(chosen);
  root_ = "/particles/" + description_.group + "/";
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

void TrajectoryReader::describe_run() {
  TrajectoryDescription& d = description_;
  const hid_t file = file_.get();
  if (exists(file, "/run/valid_frames")) {
    const auto valid = whole_number_in(file, "/run/valid_frames");
    d.says_valid_frames = valid.has_value();
    d.valid_frames = valid.value_or(0);
    if (!valid) d.problems.emplace_back("/run/valid_frames is not a single whole number");
  }
  if (is_group(file, "/run")) d.planned_frames = whole_number_of(file, "/run", "planned_frames");
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
  found.seconds.resize(static_cast<std::size_t>(timing.extents[0] * timing.extents[1]));
  read_block(open_dataset(file, timing.dataset), ElementType::float64, std::array<hsize_t, 2>{0, 0},
             std::array{static_cast<hsize_t>(timing.extents[0]), static_cast<hsize_t>(timing.extents[1])},
             found.seconds.data(), "cannot read " + timing.dataset);
  const auto wall = attributes_of(file, timing.dataset);
  for (const auto& [name, value] : wall)
    if (name == "wall_seconds") found.wall_seconds = std::strtod(value.c_str(), nullptr);
  d.timing = std::move(found);
}

void TrajectoryReader::describe_fields() {
  TrajectoryDescription& d = description_;
  const hid_t file = file_.get();
  for (const auto& name : names_in(file, root_)) {
    if (name == "box") continue;
    if (is_dataset(file, root_ + name)) {
      d.columns.push_back(stored_field(name, root_ + name));
    } else if (is_dataset(file, root_ + name + "/value")) {
      d.quantities.push_back(stored_field(name, root_ + name + "/value"));
    }
  }
  // Positions go first: they say how many particles there are.
  std::stable_partition(d.quantities.begin(), d.quantities.end(),
                        [](const StoredField& field) { return field.name == "position"; });
  const StoredField& position = d.quantities.front();
  if (position.extents.size() != 3 || !position.type)
    refuse(position.dataset + " is not numbers of shape (frames, particles, axes)");
  d.particles = position.extents[1];
  d.axes = static_cast<int>(std::min<std::int64_t>(position.extents[2], 1 << 20));
  if (d.axes < 1 || d.axes > 3)
    refuse(position.dataset + " has " + std::to_string(position.extents[2]) + " axes");
  for (const auto& field : d.quantities) {
    if (field.extents.size() < 2 || field.extents[1] != d.particles)
      d.problems.push_back(field.dataset + " does not have a row for each of the " +
                           std::to_string(d.particles) + " particles");
  }
  for (const auto& field : d.columns) {
    if (field.extents.empty() || field.extents[0] != d.particles)
      d.problems.push_back(field.dataset + " does not have a row for each of the " +
                           std::to_string(d.particles) + " particles");
  }
  d.boundary = texts_of(file, root_ + "box", "boundary");
}

bool TrajectoryReader::is_fixed(const std::string& dataset) const {
  const auto handle = open_dataset(file_.get(), dataset);
  return extents_of(handle.get()).empty() && element_type_of(handle).has_value();
}

template <class Number>
std::vector<Number> TrajectoryReader::read_clock(const std::string& name, ElementType type,
                                                 std::int64_t first, std::int64_t count) const {
  const std::string dataset = root_ + "position/" + name;
  if (!is_fixed(dataset)) return read_numbers<Number>(file_.get(), dataset, type, first, count);
  Number increment{}, offset{};
  check_hdf5(H5Dread(open_dataset(file_.get(), dataset).get(), memory_type(type), H5S_ALL, H5S_ALL,
                     H5P_DEFAULT, &increment),
             "cannot read " + dataset);
  const auto offsets = texts_of(file_.get(), dataset, "offset");
  if (offsets.size() == 1) offset = static_cast<Number>(parse_double(offsets[0]).value_or(0.0));
  std::vector<Number> numbers(static_cast<std::size_t>(count));
  for (std::size_t index = 0; index < numbers.size(); ++index)
    numbers[index] = offset + increment * static_cast<Number>(first + static_cast<std::int64_t>(index));
  return numbers;
}

std::int64_t TrajectoryReader::series_length(const std::string& dataset) {
  if (!is_dataset(file_.get(), dataset)) {
    description_.problems.push_back("data set " + dataset + " is missing");
    return 0;
  }
  const auto handle = open_dataset(file_.get(), dataset);
  const auto extents = extents_of(handle.get());
  if (extents.size() != 1 || !element_type_of(handle)) {
    description_.problems.push_back(dataset + " is not one number for each frame");
    return 0;
  }
  return static_cast<std::int64_t>(extents[0]);
}

/// Frames that steps or times are told of: all, where the file holds their increment only.
std::int64_t TrajectoryReader::clock_length(const std::string& name) {
  const std::string dataset = root_ + "position/" + name;
  if (is_dataset(file_.get(), dataset) && is_fixed(dataset)) return std::numeric_limits<std::int64_t>::max();
  return series_length(dataset);
}

void TrajectoryReader::describe_frames() {
  TrajectoryDescription& d = description_;
  d.time_unit = first_of(texts_of(file_.get(), root_ + "position/time", "unit"));
  d.has_times = exists(file_.get(), root_ + "position/time");  // which H5MD leaves to the writer
  d.stored_frames = clock_length("step");
  if (d.has_times) d.stored_frames = std::min(d.stored_frames, clock_length("time"));
  for (const auto& field : d.quantities)
    if (!field.extents.empty()) d.stored_frames = std::min(d.stored_frames, field.extents[0]);
  if (!d.says_valid_frames) d.valid_frames = d.stored_frames;
  if (d.valid_frames < 0 || d.valid_frames > d.stored_frames) {
    d.problems.push_back("/run/valid_frames says " + std::to_string(d.valid_frames) +
                         " frames are complete, but the file holds " + std::to_string(d.stored_frames));
    d.valid_frames = std::clamp<std::int64_t>(d.valid_frames, 0, d.stored_frames);
  }
  if (d.valid_frames == 0) return;
  d.first_step = read_steps(0, 1)[0];
  d.last_step = read_steps(d.valid_frames - 1, 1)[0];
  if (!d.has_times) return;
  d.first_time = read_times(0, 1)[0];
  d.last_time = read_times(d.valid_frames - 1, 1)[0];
}

void TrajectoryReader::describe_last_frame() {
  TrajectoryDescription& d = description_;
  for (const auto& name : names_in(file_.get(), "/diagnostics")) {
    if (name == "step" || name == "time") continue;
    const std::string dataset = "/diagnostics/" + name;
    const std::int64_t length = series_length(dataset);
    if (length < d.valid_frames) {
      d.problems.push_back(dataset + " holds " + std::to_string(length) + " numbers, " +
                           std::to_string(d.valid_frames) + " frames are complete");
    } else if (d.valid_frames > 0) {
      d.diagnostics.emplace_back(name, read_diagnostic(name, d.valid_frames - 1, 1)[0]);
    }
  }
  const std::string edges = root_ + "box/edges/value";
  if (d.valid_frames == 0 || !is_dataset(file_.get(), edges)) return;
  const auto field = stored_field("edges", edges);
  if (field.extents.size() != 3 || field.extents[1] != 3 || field.extents[2] != 3)
    return;  // of another shape of H5MD
  if (field.extents[0] < d.valid_frames) {
    d.problems.push_back(edges + " holds fewer rows than frames are complete");
    return;
  }
  d.edges = read_edges(d.valid_frames - 1);
}

void TrajectoryReader::read_rows(const StoredField& quantity, std::int64_t frame, std::int64_t first,
                                 std::int64_t count, std::vector<std::byte>& rows) const {
  reading([&] {
    read_field(file_.get(), quantity, {static_cast<hsize_t>(frame), static_cast<hsize_t>(first)},
               {1, static_cast<hsize_t>(count)}, rows);
  });
}

void TrajectoryReader::read_column(const StoredField& column, std::int64_t first, std::int64_t count,
                                   std::vector<std::byte>& rows) const {
  reading([&] {
    read_field(file_.get(), column, {static_cast<hsize_t>(first)}, {static_cast<hsize_t>(count)}, rows);
  });
}

std::vector<std::int64_t> TrajectoryReader::read_steps(std::int64_t first, std::int64_t count) const {
  return reading([&] { return read_clock<std::int64_t>("step", ElementType::int64, first, count); });
}

std::vector<double> TrajectoryReader::read_times(std::int64_t first, std::int64_t count) const {
  return reading([&] { return read_clock<double>("time", ElementType::float64, first, count); });
}

std::vector<double> TrajectoryReader::read_diagnostic(const std::string& name, std::int64_t first,
                                                      std::int64_t count) const {
  return reading([&] {
    return read_numbers<double>(file_.get(), "/diagnostics/" + name, ElementType::float64, first, count);
  });
}

std::array<double, 9> TrajectoryReader::read_edges(std::int64_t frame) const {
  return reading([&] {
    std::array<double, 9> edges{};
    const std::string dataset = root_ + "box/edges/value";
    read_block(open_dataset(file_.get(), dataset), ElementType::float64,
               std::array{static_cast<hsize_t>(frame), hsize_t{0}, hsize_t{0}},
               std::array<hsize_t, 3>{1, 3, 3}, edges.data(), "cannot read " + dataset);
    return edges;
  });
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
    read_block(open_dataset(file_.get(), dataset), ElementType::uint64,
               std::array{static_cast<hsize_t>(frame), hsize_t{0}},
               std::array{hsize_t{1}, static_cast<hsize_t>(columns)}, sums.values.data(),
               "cannot read " + dataset);
    return sums;
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
    sums.values = read_numbers<std::uint64_t>(file_.get(), dataset, ElementType::uint64, 0, count);
    return sums;
  });
}

}  // namespace orrery
