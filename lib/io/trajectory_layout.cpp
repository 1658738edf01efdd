// What a file's groups say of its particles: which there are, with what, and how many frames.
#include <algorithm>
#include <limits>
#include <utility>

#include "core/number_text.hpp"
#include "io/hdf5_dataset.hpp"
#include "io/hdf5_layout.hpp"
#include "io/hdf5_read.hpp"
#include "io/trajectory_reader.hpp"

namespace orrery {
namespace {

/// What our own files call the group of particles.
constexpr const char* own_group = "trajectory";

std::string first_of(const std::vector<std::string>& texts) {
  return texts.empty() ? "" : texts.front();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

}  // namespace

void TrajectoryReader::find_group(const std::string& wanted, const std::string& chooser) {
  TrajectoryDescription& d = description_;
  std::vector<std::string> groups;
  for (const auto& name : names_in(file_.get(), "/particles")) {
    const std::string position = "/particles/" + name + "/position";
    if (is_dataset(file_.get(), position) || is_dataset(file_.get(), position + "/value"))
      groups.push_back(name);
  }
  if (groups.empty()) refuse("it holds no particles (no data set /particles/<group>/position/value)");
  auto chosen = groups.begin();
  if (!wanted.empty()) {
    chosen = std::find(groups.begin(), groups.end(), wanted);
    if (chosen == groups.end())
      refuse("it has no particles in /particles/" + wanted + " (" + chooser + "); there are " +
             joined(groups));
  } else if (groups.size() > 1) {
    chosen = d.is_own() ? std::find(groups.begin(), groups.end(), own_group) : groups.end();
    if (chosen == groups.end())
      refuse("it holds several groups of particles, " + joined(groups) + "; choose one with " + chooser);
  }
  d.group = *chosen;
  groups.erase(chosen);
  d.other_groups = std::move(groups);
  root_ = "/particles/" + d.group + "/";
}

void TrajectoryReader::describe_field_names() {
  TrajectoryDescription& d = description_;
  for (const auto& name : names_in(file_.get(), root_)) {
    if (name == "box") continue;
    if (is_dataset(file_.get(), root_ + name)) {
      auto& fields = name == "position" ? d.quantities : d.columns;
      fields.push_back(stored_field(name, root_ + name));
      fields.back().is_once = true;
    } else if (is_dataset(file_.get(), root_ + name + "/value")) {
      d.quantities.push_back(stored_field(name, root_ + name + "/value"));
    }
  }
  // Positions go first: they say how many particles there are.
  std::stable_partition(d.quantities.begin(), d.quantities.end(),
                        [](const StoredField& field) { return field.name == "position"; });
}

void TrajectoryReader::describe_fields() {
  TrajectoryDescription& d = description_;
  describe_field_names();
  const StoredField& position = d.quantities.front();
  const std::size_t leading = position.leading_extents();
  if (position.extents.size() != leading + 1 || !position.type)
    refuse(position.dataset + " is not numbers of shape (frames, particles, axes)" +
           (position.is_once ? ", or (particles, axes)" : ""));
  d.particles = position.extents[leading - 1];
  d.axes = static_cast<int>(std::min<std::int64_t>(position.extents[leading], 1 << 20));
  if (d.axes < 1 || d.axes > 3)
    refuse(position.dataset + " has " + std::to_string(position.extents[leading]) + " axes");
  for (const auto* fields : {&d.quantities, &d.columns}) {
    for (const auto& field : *fields) {
      const std::size_t rows = field.leading_extents();
      if (field.extents.size() < rows || field.extents[rows - 1] != d.particles)
        d.problems.push_back(field.dataset + " does not have a row for each of the " +
                             std::to_string(d.particles) + " particles");
    }
  }
  d.length_unit = position.unit;
  if (const StoredField* const velocity = find("velocity")) d.velocity_unit = velocity->unit;
}

std::int64_t TrajectoryReader::series_length(const std::string& dataset) {
  if (!is_dataset(file_.get(), dataset)) {
    description_.problems.push_back("data set " + dataset + " is missing");
    return 0;
  }
  const Hdf5Handle& handle = open(dataset);
  const auto extents = extents_of(handle.get());
  if (extents.size() != 1 || !element_type_of(handle)) {
    description_.problems.push_back(dataset + " is not one number for each frame");
    return 0;
  }
  return static_cast<std::int64_t>(extents[0]);
}

std::int64_t TrajectoryReader::times_told() {
  const std::string dataset = root_ + "position/time";
  if (is_dataset(file_.get(), dataset) && extents_of(open(dataset).get()).empty() &&
      element_type_of(open(dataset)))
    return std::numeric_limits<std::int64_t>::max();
  return series_length(dataset);
}

void TrajectoryReader::describe_frames() {
  TrajectoryDescription& d = description_;
  const auto positions = d.quantities.front().clock;
  d.has_steps = positions->has_steps();
  if (d.quantities.front().is_once) {
    d.says_valid_frames = false;
    d.stored_frames = d.valid_frames = 1;
    d.has_times = false;
    return;
  }
  d.has_times = exists(file_.get(), root_ + "position/time");  // which H5MD leaves to the writer
  if (d.has_times) d.time_unit = first_of(texts_of(file_.get(), root_ + "position/time", "unit"));
  if (!d.says_valid_frames) {
    d.stored_frames = d.quantities.front().extents[0];
    d.valid_frames = positions->frames();
    if (d.valid_frames == 0 && d.stored_frames > 0) d.has_times = false;
    if (d.has_times && d.valid_frames > 0 && times_told() <= positions->row(d.valid_frames - 1)) {
      d.problems.push_back(root_ + "position/time does not have a time for each of the " +
                           std::to_string(d.valid_frames) + " frames");
      d.has_times = false;
    }
  } else {
    // All that belongs to the frames of such a file has the same steps.
    d.stored_frames = d.has_times ? times_told() : std::numeric_limits<std::int64_t>::max();
    for (const auto& field : d.quantities) d.stored_frames = std::min(d.stored_frames, field.clock->frames());
    if (d.valid_frames < 0 || d.valid_frames > d.stored_frames) {
      d.problems.push_back("/run/valid_frames says " + std::to_string(d.valid_frames) +
                           " frames are complete, but the file holds " + std::to_string(d.stored_frames));
      d.valid_frames = std::clamp<std::int64_t>(d.valid_frames, 0, d.stored_frames);
    }
  }
  if (d.valid_frames == 0) return;
  if (d.has_steps) d.first_step = read_steps(0, 1)[0];
  if (d.has_steps) d.last_step = read_steps(d.valid_frames - 1, 1)[0];
  if (!d.has_times) return;
  d.first_time = read_times(0, 1)[0];
  d.last_time = read_times(d.valid_frames - 1, 1)[0];
}

/// What no file of that size can hold was not written, and would be read for years.
void TrajectoryReader::refuse_false_claims() const {
  const TrajectoryDescription& d = description_;
  for (const auto* fields : {&d.quantities, &d.columns}) {
    for (const auto& field : *fields) {
      if (!field.type) continue;
      auto bytes = static_cast<double>(size_of(*field.type));
      for (std::size_t axis = field.is_once ? 0 : 1; axis < field.extents.size(); ++axis)
        bytes *= static_cast<double>(field.extents[axis]);
      if (!field.is_once) {
        // A row that was made in advance claims as much as one that counts.
        const std::int64_t rows = field.clock->frames();
        const std::int64_t counted = d.says_valid_frames ? std::min(rows, d.valid_frames) : rows;
        const bool has_rows = !d.says_valid_frames && field.extents[0] > 0;
        bytes *= static_cast<double>(std::max<std::int64_t>(counted, has_rows ? 1 : 0));
      }
      const Storage storage = storage_of(open(field.dataset), field.dataset);
      double most = storage.most_bytes();
      // What a file that is being written says of its storage may be of another moment.
      if (d.says_valid_frames && !storage.is_filtered) most += static_cast<double>(identity().bytes);
      // Columns may be nothing but their fill value, for as many particles as have positions.
      if (&field != &d.quantities.front()) most += 64.0 * static_cast<double>(d.particles);
      if (bytes > most)
        refuse(field.dataset + " claims " + bytes_text(bytes) + " of numbers, and the file, of " +
               bytes_text(static_cast<double>(d.file_bytes)) +
               ", cannot hold them; they were never written, or the file is damaged");
    }
  }
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
  if (d.valid_frames == 0) return;
  d.edges = read_edges(d.valid_frames - 1);
  const auto box = read_box(d.valid_frames - 1);
  if (box) d.origin = box->origin;
}

}  // namespace orrery
