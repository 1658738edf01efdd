#include "io/stored_start.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "io/hdf5_dataset.hpp"
#include "io/hdf5_read.hpp"
#include "io/trajectory_reader.hpp"

namespace orrery {
namespace {

std::optional<Boundary> boundary_named(std::string_view name) {
  if (name == "periodic") return Boundary::periodic;
  if (name == "reflect") return Boundary::reflect;
  if (name == "open") return Boundary::open;
  return std::nullopt;
}

/// The words of a value that a configuration, as text, has in its section [box]; empty where it has none.
std::vector<std::string> box_words(const std::string& configuration, const std::string& name) {
  const std::string heading = "[box]\n", line = "\n" + name + " = ";
  const auto section = configuration.find(heading);
  if (section == std::string::npos) return {};
  const auto end = std::min(configuration.find("\n[", section), configuration.size());
  const auto at = configuration.find(line, section);
  if (at >= end) return {};
  std::vector<std::string> words;
  std::string word;
  for (auto place = at + line.size(); place < configuration.size(); ++place) {
    const char letter = configuration[place];
    if (letter != ' ' && letter != ',' && letter != '\n') {
      word += letter;
      continue;
    }
    if (!word.empty()) words.push_back(std::exchange(word, ""));
    if (letter == '\n') break;
  }
  return words;
}

void take_ends(const std::vector<std::string>& names, StoredBox& box) {
  std::array<Boundary, 3> ends{};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
    const auto boundary = names.empty() ? std::nullopt : boundary_named(names[names.size() == 1 ? 0 : axis]);
    if (!boundary) return;
    ends[axis] = *boundary;
  }
  box.ends = ends;
}

/// What files of this program tell beyond H5MD: the axes that particles move along, and walls apart from
/// open sides. Earlier ones had it in their configuration only.
void take_own(hid_t file, const std::string& group, const std::string& configuration, StoredBox& box) {
  const auto ends = texts_of(file, group, "ends");
  if (ends.size() == 2 || ends.size() == 3) {
    box.axes = static_cast<int>(ends.size());
    take_ends(ends, box);
    return;
  }
  const auto lengths = box_words(configuration, "lengths");
  if (lengths.size() == 2 || configuration.find("\nlattice = square\n") != std::string::npos) box.axes = 2;
  const auto names = box_words(configuration, "boundary");
  if (names.size() == 1 || static_cast<int>(names.size()) == box.axes) take_ends(names, box);
}

/// The lower corner of the box, in an attribute or a data set of the group of the box.
std::optional<std::array<double, 3>> origin_in(hid_t file, const std::string& group) {
  std::array<double, 3> origin{};
  const auto texts = texts_of(file, group, "origin");
  if (texts.empty()) {
    if (!is_dataset(file, group + "/origin")) return std::nullopt;
    const auto dataset = open_dataset(file, group + "/origin");
    const auto extents = extents_of(dataset.get());
    if (extents.size() != 1 || extents[0] == 0 || extents[0] > origin.size() || !element_type_of(dataset))
      return std::nullopt;
    read_block(dataset, ElementType::float64, std::array<hsize_t, 1>{0}, std::array{extents[0]},
               origin.data(), "cannot read " + group + "/origin");
    return origin;
  }
  if (texts.size() > origin.size()) return std::nullopt;
  for (std::size_t axis = 0; axis < texts.size(); ++axis) {
    const auto number = parse_double(texts[axis]);
    if (!number) return std::nullopt;
    origin[axis] = *number;
  }
  return origin;
}

std::optional<StoredBox> box_in(hid_t file, const TrajectoryDescription& trajectory, bool is_own) {
  if (!trajectory.edges) return std::nullopt;
  const std::string group = "/particles/" + trajectory.group + "/box";
  StoredBox box;
  box.axes = trajectory.axes;
  box.place = group + "/edges";
  for (std::size_t row = 0; row < 3; ++row) {
    box.lengths[row] = (*trajectory.edges)[4 * row];
    for (std::size_t column = 0; column < 3; ++column)
      if (row != column && (*trajectory.edges)[3 * row + column] != 0.0)
        box.problem = "the edges of its box are not along the axes (" + box.place + ")";
  }
  for (std::size_t axis = 0; axis < std::min<std::size_t>(3, trajectory.boundary.size()); ++axis) {
    const std::string& name = trajectory.boundary[axis];
    if (name == "periodic") box.boundary[axis] = StoredBoundary::periodic;
    if (name == "none") box.boundary[axis] = StoredBoundary::none;
  }
  box.origin = origin_in(file, group);
  if (is_own) take_own(file, group, trajectory.configuration, box);
  return box;
}

}  // namespace

StoredStart stored_start_of(const std::string& path) {
  const TrajectoryReader reader(path);
  const TrajectoryDescription& trajectory = reader.description();
  StoredStart start;
  start.is_own = trajectory.creator.starts_with("orrery");
  start.configuration = trajectory.configuration;
  if (trajectory.valid_frames > 0) {
    start.step = trajectory.last_step;
    if (trajectory.has_times) start.time = trajectory.last_time;
  }
  start.box = box_in(open_for_reading(path).get(), trajectory, start.is_own);
  return start;
}

}  // namespace orrery
