#include "io/xdmf_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "io/byte_file.hpp"
#include "io/write_all.hpp"
#include "io/xdmf_text.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
  throw Error(ExitCode::output, "cannot write XDMF file '" + path + "': " + problem);
}

/// Writes all of a text at an offset. @return errno, or 0
int write_at(int descriptor, std::string_view text, std::int64_t offset) {
  return write_all(descriptor, static_cast<std::uint64_t>(offset), std::as_bytes(std::span(text)));
}

/// The trajectory as the sidecar names it.
std::string name_beside(const std::string& path, const TrajectoryDescription& trajectory) {
  std::error_code status;
  const fs::path file = fs::absolute(trajectory.file, status);
  const fs::path directory = fs::absolute(path, status).parent_path();
  std::string name = file.filename().string();
  if (!fs::equivalent(file.parent_path(), directory, status))
    name = (fs::weakly_canonical(file.parent_path(), status) / file.filename())
               .lexically_relative(fs::weakly_canonical(directory, status))
               .string();
  const std::string problem = xdmf_name_problem(name);
  if (!problem.empty()) {
    refuse(path, "XDMF cannot name the trajectory '" + trajectory.file + "' (" + problem + "); rename that");
  }
  return name;
}

}  // namespace

TrajectoryDescription description_of(const std::string& trajectory, std::int64_t particles,
                                     const FrameLayout& layout) {
  TrajectoryDescription description;
  description.file = trajectory;
  description.group = "trajectory";
  description.particles = particles;
  description.axes = layout.per_frame.front().components;
  const std::string root = "/particles/" + description.group + "/";
  for (const auto& field : layout.per_frame) {
    description.quantities.push_back({.name = field.name,
                                      .dataset = root + field.name + "/value",
                                      .type = field.type,
                                      .extents = {0, particles, field.components},
                                      .unit = {}});
  }
  for (const auto& field : layout.constant) {
    description.columns.push_back({.name = field.name,
                                   .dataset = root + field.name,
                                   .type = field.type,
                                   .extents = {particles},
                                   .unit = {}});
  }
  // As a reader of the file lists them.
  const auto by_name = [](const StoredField& a, const StoredField& b) { return a.name < b.name; };
  std::sort(description.quantities.begin() + 1, description.quantities.end(), by_name);
  std::sort(description.columns.begin(), description.columns.end(), by_name);
  return description;
}

XdmfFile::XdmfFile(const std::string& path, TrajectoryDescription trajectory, Replacing replacing)
    : path_(path),
      trajectory_(std::move(trajectory)),
      name_(name_beside(path, trajectory_)),
      place_("XDMF file", path, std::move(replacing)) {
  const std::string opening = xdmf_opening(trajectory_);
  end_ = static_cast<std::int64_t>(opening.size());
  if (const int error = write_at(place_.descriptor(), opening + xdmf_closing(0), 0); error != 0)
    refuse(path_, system_message(error));
}

void XdmfFile::add_frame(std::int64_t step, double time) {
  if (!is_named(place_.place(), place_.descriptor()))
    refuse(path_, "it was removed or replaced while the run went on; run again, and leave the file alone");
  const std::string frame = xdmf_frame(trajectory_, name_, count_, step, time);
  // Longer than the closing that it replaces, also than that of no frame.
  const int error = write_at(place_.descriptor(), frame + xdmf_closing(count_ + 1), end_);
  if (error != 0) {
    const std::string closing = xdmf_closing(count_);
    write_at(place_.descriptor(), closing, end_);
    const std::int64_t size = end_ + static_cast<std::int64_t>(closing.size());
    static_cast<void>(ftruncate(place_.descriptor(), size) != 0);
    refuse(path_, system_message(error) + "; make room and run on from the last frame");
  }
  end_ += static_cast<std::int64_t>(frame.size());
  ++count_;
  place_.finish();  // the first time
}

void XdmfFile::close() {
  place_.finish();
}

std::uint64_t XdmfFile::estimated_bytes(const TrajectoryDescription& trajectory, std::int64_t frames) {
  constexpr std::int64_t long_step = 1'000'000'000'000;
  constexpr double long_time = 0.12345678901234567;
  const std::string frame =
      xdmf_frame(trajectory, fs::path(trajectory.file).filename(), frames, long_step, long_time);
  return xdmf_opening(trajectory).size() + static_cast<std::uint64_t>(frames) * frame.size() +
         xdmf_closing(0).size();
}

void write_xdmf(const TrajectoryReader& trajectory, const std::string& path, bool overwrite) {
  TrajectoryDescription description = trajectory.description();
  const std::string name = name_beside(path, description);
  const StoredField& position = description.quantities.front();
  if (position.is_once || !description.has_steps || position.clock->out_of_order() > 0)
    refuse(path, position.dataset + " has no row for each of the frames that XDMF is to tell");
  // A frame is named by its row in all data sets; those at steps of their own are left out.
  const auto clock = position.clock;
  std::erase_if(description.quantities, [&](const StoredField& field) {
    return !description.says_valid_frames && field.clock != clock;
  });
  if (description.axes == 1) refuse(path, "positions with a single axis are beyond XDMF");
  const std::string problem = xdmf_name_problem(position.dataset);
  if (!problem.empty()) refuse(path, "XDMF cannot name data set " + position.dataset + " (" + problem + ")");
  std::error_code status;
  if (!overwrite && fs::exists(fs::symlink_status(path, status)))
    refuse(path, "it exists; remove it or choose another name");
  const std::int64_t count = description.valid_frames;
  std::vector<std::int64_t> steps;
  std::vector<double> times;
  if (count > 0) steps = trajectory.read_steps(0, count);
  if (count > 0 && description.has_times) times = trajectory.read_times(0, count);
  if (!description.has_times) times.assign(steps.begin(), steps.end());
  const std::string text = xdmf_text(description, name, steps, times);
  write_file("XDMF file", path, text, {.allowed = overwrite});
}

}  // namespace orrery
