#include "io/stored_start.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/guard.hpp"
#include "core/input_file.hpp"
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

/// What is told beside the particles of the last valid frame.
StoredStart read_start(const std::string& path, const std::string& group, const std::string& called) {
  const TrajectoryReader reader(path, group, called, "particles.group");
  const TrajectoryDescription& trajectory = reader.description();
  StoredStart start;
  start.is_own = trajectory.is_own();
  start.configuration = trajectory.configuration;
  if (trajectory.valid_frames == 0) return start;
  start.box = reader.read_box(trajectory.valid_frames - 1);
  if (start.box && start.is_own)
    take_own(open_for_reading(path, called).get(), "/particles/" + trajectory.group + "/box",
             trajectory.configuration, *start.box);
  return start;
}

}  // namespace

StoredStart stored_start_of(const std::string& path, const std::string& group) {
  const std::string called = "cannot use particles.file '" + path + "'";
  check_input_file(path, called);
  try_in_child(called, [&](const SignOfLife&) { read_start(path, group, called); });
  return read_start(path, group, called);
}

}  // namespace orrery
