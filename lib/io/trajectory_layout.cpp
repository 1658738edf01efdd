// What a file's groups say of its particles: which there are, at which steps, and in which box.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
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

/// Rows at the end that are looked at one by one for whether they were written.
constexpr std::int64_t most_rows_in_advance = std::int64_t{1} << 20;
constexpr std::int64_t rows_at_a_time = 4096;

std::string first_of(const std::vector<std::string>& texts) {
  return texts.empty() ? "" : texts.front();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The number that rows hold which were never written, where the file chose one.
std::optional<double> chosen_fill(const Hdf5Handle& dataset) {
  const Hdf5Handle properties(H5Dget_create_plist(dataset.get()), H5Pclose, "cannot read a fill value");
  H5D_fill_value_t kind = H5D_FILL_VALUE_DEFAULT;
  double fill = 0.0;
  if (H5Pfill_value_defined(properties.get(), &kind) < 0 || kind != H5D_FILL_VALUE_USER_DEFINED ||
      H5Pget_fill_value(properties.get(), H5T_NATIVE_DOUBLE, &fill) < 0)
    return std::nullopt;
  return fill;
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

/// Clocks of all quantities. Those whose steps are one data set under several names share one.
void TrajectoryReader::set_clocks() {
  std::map<std::pair<haddr_t, std::int64_t>, std::shared_ptr<const StepClock>> known;
  for (auto& field : description_.quantities) {
    if (field.is_once) {
      field.clock = std::make_shared<StepClock>(StepClock::unknown(1));
      continue;
    }
    const std::int64_t rows = field.extents.empty() ? 0 : field.extents[0];
    const std::string steps = field.dataset.substr(0, field.dataset.rfind('/')) + "/step";
    H5O_info_t info;
    const bool is_there =
        is_dataset(file_.get(), steps) &&
        H5Oget_info_by_name2(file_.get(), steps.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0;
    const std::pair key(is_there ? info.addr : HADDR_UNDEF, rows);
    const auto same = known.find(key);
    if (is_there && same != known.end()) {
      field.clock = same->second;
      continue;
    }
    field.clock = std::make_shared<StepClock>(clock_of(field));
    if (is_there) known.emplace(key, field.clock);
  }
}

StepClock TrajectoryReader::clock_of(const StoredField& field) {
  TrajectoryDescription& d = description_;
  const std::int64_t rows = field.extents.empty() ? 0 : field.extents[0];
  const std::string dataset = field.dataset.substr(0, field.dataset.rfind('/')) + "/step";
  if (!is_dataset(file_.get(), dataset)) {
    d.problems.push_back("data set " + dataset + " is missing");
    return written_part(field, StepClock::unknown(rows));
  }
  const Hdf5Handle& steps = open(dataset);
  const auto extents = extents_of(steps.get());
  if (extents.size() > 1 || !element_type_of(steps)) {
    d.problems.push_back(dataset + " is not one number for each frame");
    return written_part(field, StepClock::unknown(d.says_valid_frames ? 0 : rows));
  }
  if (!extents.empty())
    return written_part(field,
                        listed_clock(steps, dataset, std::min(rows, static_cast<std::int64_t>(extents[0]))));
  std::int64_t increment = 0, offset = 0;
  check_hdf5(H5Dread(steps.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &increment),
             "cannot read " + dataset);
  const auto offsets = texts_of(file_.get(), dataset, "offset");
  if (offsets.size() == 1)
    offset = whole_number(offsets[0])
                 .value_or(static_cast<std::int64_t>(
                     std::clamp(parse_double(offsets[0]).value_or(0.0), -0x1p62, 0x1p62)));
  const bool is_positive = increment > 0 || rows <= 1;
  if (!is_positive ||
      (rows > 0 && rows > (std::numeric_limits<std::int64_t>::max() - std::max<std::int64_t>(offset, 0)) /
                              std::max<std::int64_t>(increment, 1))) {
    d.problems.push_back(dataset + " is an increment of " + std::to_string(increment) + " for " +
                         std::to_string(rows) + " rows, which gives no steps that grow");
    return written_part(field, StepClock::unknown(rows));
  }
  return written_part(field, StepClock::fixed(offset, std::max<std::int64_t>(increment, 1), rows));
}

StepClock TrajectoryReader::listed_clock(const Hdf5Handle& steps, const std::string& dataset,
                                         std::int64_t rows) {
  TrajectoryDescription& d = description_;
  const double most = storage_of(steps, dataset).most_bytes() / 8.0;
  if (static_cast<double>(rows) > most)
    refuse(dataset + " claims " + std::to_string(rows) + " steps, and the file does not hold as many");
  std::vector<std::int64_t> all(static_cast<std::size_t>(rows));
  read_block(steps, ElementType::int64, std::array{hsize_t{0}}, std::array{static_cast<hsize_t>(rows)},
             all.data(), "cannot read " + dataset);
  // Which frames are whole, such a file says itself.
  if (d.says_valid_frames) return StepClock::as_told(std::move(all));
  const auto fill = chosen_fill(steps);
  const bool is_step = fill && *fill != 0.0 && std::fabs(*fill) < 0x1p63;
  StepClock clock =
      StepClock::listed(all, is_step ? std::optional(static_cast<std::int64_t>(*fill)) : std::nullopt);
  if (clock.out_of_order() > 0)
    d.problems.push_back(dataset + " does not grow: " + std::to_string(clock.out_of_order()) +
                         (clock.out_of_order() == 1 ? " row is" : " rows are") + " left out");
  return clock;
}

/// Without rows at the end that were made in advance and never written.
StepClock TrajectoryReader::written_part(const StoredField& field, StepClock clock) const {
  if (description_.says_valid_frames || clock.frames() == 0) return clock;
  const Hdf5Handle& values = open(field.dataset);
  const Storage storage = storage_of(values, field.dataset);
  std::int64_t frames = clock.frames();
  const double row_bytes = [&] {
    double bytes =
        static_cast<double>(H5Tget_size(Hdf5Handle(H5Dget_type(values.get()), H5Tclose, "type").get()));
    for (std::size_t axis = 1; axis < field.extents.size(); ++axis)
      bytes *= static_cast<double>(field.extents[axis]);
    return bytes;
  }();
  // No more can have been written than there is; this also bounds the search below.
  if (row_bytes > 0.0 && storage.stored_bytes == 0) frames = 0;
  if (frames > most_rows_in_advance && row_bytes * static_cast<double>(frames) > storage.most_bytes())
    refuse(field.dataset + " claims " + std::to_string(frames) + " rows, and the file does not hold as many");
  while (row_bytes > 0.0 && frames > 0 && !is_row_stored(values, storage, clock.row(frames - 1))) --frames;
  // Where each row has a step of its own, that says whether it was written.
  if (field.name == "position" && !clock.is_listed())
    while (frames > 1 && is_fill(field, clock.row(frames - 1))) --frames;
  return clock.first(frames);
}

/// Whether a row of positions is nothing but the fill value. One particle may be at the origin, several in
/// one place are not.
bool TrajectoryReader::is_fill(const StoredField& field, std::int64_t row) const {
  const auto chosen = chosen_fill(open(field.dataset));
  if (!chosen && description_.particles < 2) return false;
  const double fill = chosen.value_or(0.0);
  std::vector<double> numbers;
  for (std::int64_t first = 0; first < description_.particles; first += rows_at_a_time) {
    const std::int64_t count = std::min(rows_at_a_time, description_.particles - first);
    numbers.resize(static_cast<std::size_t>(count * description_.axes));
    read_block(open(field.dataset), ElementType::float64,
               std::array{static_cast<hsize_t>(row), static_cast<hsize_t>(first), hsize_t{0}},
               std::array{hsize_t{1}, static_cast<hsize_t>(count), static_cast<hsize_t>(description_.axes)},
               numbers.data(), "cannot read " + field.dataset);
    if (std::any_of(numbers.begin(), numbers.end(), [fill](double number) {
          return number != fill && !(std::isnan(number) && std::isnan(fill));
        }))
      return false;
  }
  return true;
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

/// Edges have four forms: a number for each axis or a matrix, once or at steps.
void TrajectoryReader::describe_box() {
  TrajectoryDescription& d = description_;
  d.boundary = texts_of(file_.get(), root_ + "box", "boundary");
  const std::string path = root_ + "box/edges";
  const bool is_once = is_dataset(file_.get(), path);
  if (!is_once && !is_dataset(file_.get(), path + "/value")) return;
  StoredField edges = stored_field("edges", is_once ? path : path + "/value");
  edges.is_once = is_once;
  const std::size_t first = is_once ? 0 : 1;
  const std::size_t rank = edges.extents.size() - std::min(first, edges.extents.size());
  const auto axes = rank > 0 ? edges.extents[first] : 0;
  if (!edges.type || rank < 1 || rank > 2 || axes < 1 || axes > 3 || edges.extents.back() != axes) {
    d.problems.push_back(edges.dataset + " is neither a length for each axis nor a matrix of them");
    return;
  }
  d.box_axes = static_cast<int>(axes);
  if (!is_once) {
    const std::string steps = path + "/step", of_positions = root_ + "position/step";
    H5O_info_t mine{}, theirs{};
    const bool is_shared =
        is_dataset(file_.get(), steps) && is_dataset(file_.get(), of_positions) &&
        H5Oget_info_by_name2(file_.get(), steps.c_str(), &mine, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
        H5Oget_info_by_name2(file_.get(), of_positions.c_str(), &theirs, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
        mine.addr == theirs.addr;
    const auto positions = d.quantities.front().clock;
    if (is_shared && edges.extents[0] >= positions->frames()) {
      edges.clock = positions;
    } else {
      edges.clock = std::make_shared<StepClock>(clock_of(edges));
    }
    if (d.says_valid_frames && edges.clock->frames() < d.valid_frames)
      d.problems.push_back(edges.dataset + " holds fewer rows than frames are complete");
  }
  edges_ = std::move(edges);
}

std::optional<std::array<double, 9>> TrajectoryReader::read_edges(std::int64_t frame) const {
  return reading([&]() -> std::optional<std::array<double, 9>> {
    if (!edges_) return std::nullopt;
    std::vector<hsize_t> start, count;
    if (!edges_->is_once) {
      const auto row = row_of(*edges_, frame);
      if (!row) return std::nullopt;
      start.push_back(static_cast<hsize_t>(*row));
      count.push_back(1);
    }
    const auto axes = static_cast<std::size_t>(std::clamp(description_.box_axes, 1, 3));
    const bool is_matrix = edges_->extents.size() == start.size() + 2;
    for (std::size_t axis = 0; axis < (is_matrix ? 2U : 1U); ++axis) {
      start.push_back(0);
      count.push_back(axes);
    }
    std::array<double, 9> stored{}, edges{};
    read_block(open(edges_->dataset), ElementType::float64, start, count, stored.data(),
               "cannot read " + edges_->dataset);
    for (std::size_t row = 0; row < axes; ++row) {
      if (!is_matrix) edges[4 * row] = stored[row];
      for (std::size_t column = 0; is_matrix && column < axes; ++column)
        edges[3 * row + column] = stored[axes * row + column];
    }
    return edges;
  });
}

std::optional<StoredBox> TrajectoryReader::read_box(std::int64_t frame) const {
  const std::string group = root_ + "box";
  if (!is_group(file_.get(), group)) return std::nullopt;
  StoredBox box;
  box.axes = edges_ ? description_.box_axes : description_.axes;
  box.place = edges_ ? edges_->dataset : group;
  const auto edges = read_edges(frame);
  const auto axes = static_cast<std::size_t>(box.axes);
  for (std::size_t axis = 0; axis < axes && axis < description_.boundary.size(); ++axis)
    box.boundary[axis] =
        description_.boundary[axis] == "periodic" ? StoredBoundary::periodic : StoredBoundary::none;
  if (!edges) {
    box.problem = edges_ ? box.place + " has no row for the step of the positions" : group + " has no edges";
    return box;
  }
  for (std::size_t row = 0; row < axes; ++row) {
    box.lengths[row] = (*edges)[4 * row];
    if (!(box.lengths[row] > 0.0) || !std::isfinite(box.lengths[row]))
      box.problem = box.place + ": an edge is not a length above 0";
    for (std::size_t column = 0; column < axes; ++column)
      if (row != column && (*edges)[3 * row + column] != 0.0)
        box.problem = box.place + ": the edges are not along the axes, which a run cannot have";
  }
  box.origin = read_origin(frame);
  return box;
}

/// The lower corner of the box: a data set or an attribute `origin`, or `offset`, as some programs call it.
std::optional<std::array<double, 3>> TrajectoryReader::read_origin(std::int64_t frame) const {
  return reading([&]() -> std::optional<std::array<double, 3>> {
    const auto axes = static_cast<std::size_t>(edges_ ? description_.box_axes : description_.axes);
    std::array<double, 3> origin{};
    for (const char* const name : {"origin", "offset"}) {
      const auto texts = texts_of(file_.get(), root_ + "box", name);
      if (texts.size() == axes) {
        for (std::size_t axis = 0; axis < axes; ++axis)
          origin[axis] = parse_double(texts[axis]).value_or(0.0);
        return origin;
      }
      const std::string path = root_ + "box/" + name;
      const bool is_once = is_dataset(file_.get(), path);
      if (!is_once && !is_dataset(file_.get(), path + "/value")) continue;
      const std::string dataset = is_once ? path : path + "/value";
      const auto extents = extents_of(open(dataset).get());
      if (!element_type_of(open(dataset)) || extents.size() != (is_once ? 1U : 2U) || extents.back() != axes)
        continue;
      std::vector<hsize_t> start, count;
      if (!is_once) {
        // Rows as those of the edges.
        const auto row = edges_ && !edges_->is_once ? row_of(*edges_, frame) : std::optional(frame);
        if (!row || *row >= static_cast<std::int64_t>(extents[0])) continue;
        start.push_back(static_cast<hsize_t>(*row));
        count.push_back(1);
      }
      start.push_back(0);
      count.push_back(axes);
      read_block(open(dataset), ElementType::float64, start, count, origin.data(), "cannot read " + dataset);
      return origin;
    }
    return std::nullopt;
  });
}

}  // namespace orrery
