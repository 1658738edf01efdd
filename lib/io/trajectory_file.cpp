#include "io/trajectory_file.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <numeric>

#include "core/version.hpp"
#include "io/committed_driver.hpp"
#include "io/hdf5_dataset.hpp"
#include "io/output_place.hpp"
#include "io/xdmf_file.hpp"

namespace orrery {
namespace {

/// What the file takes beside rows: groups, headers, the first chunk of every series.
constexpr std::uint64_t fixed_bytes = std::uint64_t{96} * 1024;

std::string user_name() {
  const passwd* entry = getpwuid(geteuid());
  return entry != nullptr && *entry->pw_name != '\0' ? entry->pw_name : "unknown";
}

std::string unit_of(Dimension dimension, const UnitNames& names) {
  switch (dimension) {
    case Dimension::length:
      return names.length;
    case Dimension::velocity:
      return names.velocity();
    case Dimension::number:
      break;
  }
  return "";
}

void link(hid_t from, const std::string& name, hid_t to_group) {
  check_hdf5(H5Lcreate_hard(from, name.c_str(), to_group, name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
             "cannot link " + name);
}

void write_text_dataset(hid_t group, const std::string& name, const std::string& text) {
  const auto [type, letters] = fixed_texts(std::span(&text, 1));
  const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose, "cannot describe a text");
  const auto properties = dataset_properties();
  const Hdf5Handle dataset(
      H5Dcreate2(group, name.c_str(), type.get(), space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
      H5Dclose, "cannot create data set " + name);
  check_hdf5(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, letters.data()),
             "cannot write " + name);
}

std::unique_ptr<XdmfFile> create_sidecar(const std::string& path, const TrajectoryInfo& info) {
  if (info.sidecar.empty()) return nullptr;
  return std::make_unique<XdmfFile>(info.sidecar, description_of(path, info.particle_count, info.layout),
                                    Replacing{.allowed = info.overwrite, .option = "output.overwrite"});
}

}  // namespace

std::uint64_t TrajectoryFile::estimated_bytes(std::int64_t particles, std::int64_t frames,
                                              const FrameLayout& layout) {
  const auto rows = static_cast<std::uint64_t>(particles);
  const auto chunk = static_cast<std::uint64_t>(chunk_rows(particles));
  const std::uint64_t stored_rows = (rows + chunk - 1) / chunk * chunk;
  // A frame's chunks are found through a tree of some 70 bytes a chunk; its numbers take less than 256 bytes.
  const std::uint64_t per_frame =
      stored_rows * row_bytes(layout.per_frame) + std::uint64_t{140} * (stored_rows / chunk) + 256;
  return fixed_bytes + rows * row_bytes(layout.constant) + static_cast<std::uint64_t>(frames) * per_frame;
}

TrajectoryFile::TrajectoryFile(const std::string& path, const TrajectoryInfo& info)
    : path_(path),
      layout_(info.layout),
      particle_count_(info.particle_count),
      box_lengths_(info.box_lengths),
      sidecar_(create_sidecar(path, info)),
      place_(std::make_unique<UnfinishedFile>(
          "output.file", path, Replacing{.allowed = info.overwrite, .option = "output.overwrite"})),
      bytes_(std::make_unique<CommittedBytes>(place_->descriptor())),
      witness_("output.file", path, place_->descriptor()),
      record_(layout_, particle_count_),
      file_(create_committed_file(*bytes_, path, "cannot create output.file '" + path + "'")) {
  const hid_t root = file_.get();
  const auto h5md = make_group(root, "h5md");
  write_attribute(h5md.get(), "version", std::array{1, 1});
  const auto author = make_group(h5md.get(), "author");
  write_attribute(author.get(), "name", user_name());
  const auto creator = make_group(h5md.get(), "creator");
  write_attribute(creator.get(), "name", std::string("orrery"));
  write_attribute(creator.get(), "version", std::string(version()));

  const auto particles = make_group(root, "particles");
  const auto trajectory = make_group(particles.get(), "trajectory");
  const hsize_t rows = static_cast<hsize_t>(particle_count_);
  const auto rows_in_chunk = static_cast<hsize_t>(chunk_rows(particle_count_));

  for (const auto& field : layout_.constant) {
    const auto space = make_space(std::span(&rows, 1));
    const auto properties = dataset_properties();
    constant_.emplace_back(H5Dcreate2(trajectory.get(), field.name.c_str(), file_type(field.type),
                                      space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                           H5Dclose, "cannot create data set " + field.name);
  }
  Hdf5Handle first_group;
  for (const auto& field : layout_.per_frame) {
    auto group = make_group(trajectory.get(), field.name);
    const std::array<hsize_t, 2> row{rows, static_cast<hsize_t>(field.components)};
    const std::array<hsize_t, 3> chunk{1, rows_in_chunk, static_cast<hsize_t>(field.components)};
    per_frame_.push_back(create_series(group.get(), "value", row, field.type, chunk));
    if (!first_group) {
      step_ = create_series(group.get(), "step", {}, ElementType::int64, std::array{numbers_per_chunk});
      time_ = create_series(group.get(), "time", {}, ElementType::float64, std::array{numbers_per_chunk});
      first_group = std::move(group);
    } else {
      link(first_group.get(), "step", group.get());
      link(first_group.get(), "time", group.get());
    }
  }

  const auto box = make_group(trajectory.get(), "box");
  write_attribute(box.get(), "dimension", 3);
  std::array<std::string, 3> boundary;
  for (std::size_t axis = 0; axis < boundary.size(); ++axis)
    boundary[axis] = info.is_periodic[axis] ? "periodic" : "none";
  write_attribute(box.get(), "boundary", boundary);
  write_attribute(box.get(), "origin", info.box_origin);
  if (!info.box_ends.empty()) write_attribute(box.get(), "ends", info.box_ends);
  const auto edges = make_group(box.get(), "edges");
  edges_ = create_series(edges.get(), "value", std::array<hsize_t, 2>{3, 3}, ElementType::float64,
                         std::array<hsize_t, 3>{numbers_per_chunk / 8, 3, 3});
  link(first_group.get(), "step", edges.get());
  link(first_group.get(), "time", edges.get());

  write_units(h5md.get(), info.units);

  const auto diagnostics = make_group(root, "diagnostics");
  diagnostic_step_ =
      create_series(diagnostics.get(), "step", {}, ElementType::int64, std::array{numbers_per_chunk});
  diagnostic_time_ =
      create_series(diagnostics.get(), "time", {}, ElementType::float64, std::array{numbers_per_chunk});
  for (const auto& name : info.diagnostics) {
    diagnostics_.push_back(
        create_series(diagnostics.get(), name, {}, ElementType::float64, std::array{numbers_per_chunk}));
  }

  diagnostics_by_name_.resize(info.diagnostics.size());
  std::iota(diagnostics_by_name_.begin(), diagnostics_by_name_.end(), std::size_t{0});
  std::sort(diagnostics_by_name_.begin(), diagnostics_by_name_.end(),
            [&](std::size_t a, std::size_t b) { return info.diagnostics[a] < info.diagnostics[b]; });

  const auto parameters = make_group(root, "parameters");
  write_text_dataset(parameters.get(), "config", info.configuration);
  for (const auto& [name, value] : info.provenance) write_attribute(parameters.get(), name, value);
  write_attribute(parameters.get(), "seed", info.seed);

  const auto run = make_group(root, "run");
  write_attribute(run.get(), "planned_frames", static_cast<std::uint64_t>(info.planned_frames));
  write_attribute(run.get(), "first_step", static_cast<std::uint64_t>(info.first_step));
  checksums_.emplace(run.get(), layout_, info.configuration);
  const Hdf5Handle scalar(H5Screate(H5S_SCALAR), H5Sclose, "cannot describe a scalar");
  const auto properties = dataset_properties();
  check_hdf5(H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY), "cannot describe a data set");
  valid_frames_ = Hdf5Handle(H5Dcreate2(run.get(), "valid_frames", H5T_STD_I64LE, scalar.get(), H5P_DEFAULT,
                                        properties.get(), H5P_DEFAULT),
                             H5Dclose, "cannot create data set valid_frames");
  check_hdf5(
      H5Dwrite(valid_frames_.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &finished_frames_),
      "cannot write valid_frames");
  flush();
  count_place_ = H5Dget_offset(valid_frames_.get());
}

void TrajectoryFile::write_units(hid_t h5md, const UnitNames& names) const {
  if (names.length.empty() && names.time.empty()) return;
  const auto modules = make_group(h5md, "modules");
  const auto units = make_group(modules.get(), "units");
  write_attribute(units.get(), "version", std::array{1, 0});
  write_attribute(units.get(), "system", std::string("SI"));
  const auto name_unit = [](const Hdf5Handle& series, const std::string& unit) {
    if (!unit.empty()) write_variable_text(series.get(), "unit", unit);
  };
  name_unit(time_, names.time);
  name_unit(edges_, names.length);
  for (std::size_t field = 0; field < per_frame_.size(); ++field)
    name_unit(per_frame_[field], unit_of(layout_.per_frame[field].dimension, names));
}

TrajectoryFile::TrajectoryFile(TrajectoryFile&&) noexcept = default;

TrajectoryFile::~TrajectoryFile() {
  if (file_) abandon();
}

void TrajectoryFile::write_constant(std::size_t field, std::int64_t first, std::int64_t count,
                                    const std::byte* rows) {
  if (count == 0) return;
  const Field& layout = layout_.constant[field];
  checksums_->add_constant(field, {rows, layout.row_bytes() * static_cast<std::size_t>(count)});
  write_block(constant_[field], layout.type, std::array{static_cast<hsize_t>(first)},
              std::array{static_cast<hsize_t>(count)}, rows,
              "cannot write " + layout.name + " to '" + path_ + "'");
}

/// Where something fails because of what others did to the file, that is what is said.
template <class Action>
void TrajectoryFile::explained(const Action& action) const {
  try {
    action();
  } catch (const Error&) {
    witness_.check(place_->place());
    throw;
  }
}

/// Of its numbers and of what they are found by.
std::uint64_t TrajectoryFile::bytes_of_frame() const {
  return estimated_bytes(particle_count_, 1, {.constant = {}, .per_frame = layout_.per_frame});
}

void TrajectoryFile::start_frame() {
  // What has been reserved cannot be refused later, in the middle of a frame.
  witness_.check(place_->place());
  reserve_room(place_->descriptor(), path_, bytes_of_frame(), {}, bytes_->size());
  if (const int error = bytes_->lead(2 * bytes_of_frame()); error != 0) {
    throw Error(ExitCode::output,
                "cannot write to '" + path_ + "': " +
                    (error == ESTALE ? "it was cut while the run went on; run again, and leave "
                                       "the file alone until the run has ended"
                                     : system_message(error)));
  }
  checksums_->start_frame();
  explained([&] {
    for (const auto& series : per_frame_) {
      auto extents = extents_of(series.get());
      extents[0] = static_cast<hsize_t>(finished_frames_) + 1;
      check_hdf5(H5Dset_extent(series.get(), extents.data()), "cannot add a frame to '" + path_ + "'");
    }
  });
}

void TrajectoryFile::write_rows(std::size_t field, std::int64_t first, std::int64_t count,
                                const std::byte* rows) {
  if (count == 0) return;
  const Field& layout = layout_.per_frame[field];
  checksums_->add_rows(field, {rows, layout.row_bytes() * static_cast<std::size_t>(count)});
  explained([&] {
    write_block(per_frame_[field], layout.type,
                std::array{static_cast<hsize_t>(finished_frames_), static_cast<hsize_t>(first), hsize_t{0}},
                std::array{hsize_t{1}, static_cast<hsize_t>(count), static_cast<hsize_t>(layout.components)},
                rows, "cannot write " + layout.name + " to '" + path_ + "'");
  });
}

void TrajectoryFile::finish_frame(const FrameHeader& header) {
  explained([&] { write_header(header); });
  place_->finish();  // the first time
  ++finished_frames_;
  if (sidecar_) sidecar_->add_frame(header.step, header.time);
}

/// Everything but rows, and that the frame is complete.
void TrajectoryFile::write_header(const FrameHeader& header) {
  ensure(header.diagnostics.size() == diagnostics_.size(), "one number for each diagnostic");
  const std::string what = "cannot write a frame's numbers to '" + path_ + "'";
  const auto row = static_cast<hsize_t>(finished_frames_);
  const std::array<double, 9> edges{box_lengths_[0], 0, 0, 0, box_lengths_[1], 0, 0, 0, box_lengths_[2]};
  append_row(edges_, ElementType::float64, row, std::array<hsize_t, 2>{3, 3}, edges.data(), what);
  append_row(step_, ElementType::int64, row, {}, &header.step, what);
  append_row(time_, ElementType::float64, row, {}, &header.time, what);
  append_row(diagnostic_step_, ElementType::int64, row, {}, &header.step, what);
  append_row(diagnostic_time_, ElementType::float64, row, {}, &header.time, what);
  for (std::size_t index = 0; index < diagnostics_.size(); ++index) {
    append_row(diagnostics_[index], ElementType::float64, row, {}, &header.diagnostics[index], what);
  }
  std::vector<double> by_name;
  for (const std::size_t index : diagnostics_by_name_) by_name.push_back(header.diagnostics[index]);
  const FrameNumbers numbers{
      .step = header.step, .time = header.time, .edges = edges, .diagnostics = by_name};
  checksums_->finish_frame(finished_frames_, checksum_of(numbers), what);
  // The frame first, then the word that it is whole: a reader who finds the word finds the frame.
  flush();
  const std::int64_t frames = finished_frames_ + 1;
  check_hdf5(H5Dwrite(valid_frames_.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &frames),
             "cannot write valid_frames to '" + path_ + "'");
  flush();
  commit();
  record_.add_frame(header.step, header.time, checksums_->last_row());
}

/// Makes what was flushed the state of the file that others see.
void TrajectoryFile::commit() {
  witness_.check(place_->place());
  std::vector<std::byte> beginning(std::min<std::uint64_t>(FileWitness::most_beginning, bytes_->size()));
  int error = bytes_->read(0, beginning);
  if (error == 0) error = bytes_->commit(count_place_);
  if (error == 0) {
    witness_.remember(std::move(beginning));
    return;
  }
  witness_.remember();  // what a failure has left was not another process
  throw Error(ExitCode::output, "cannot write to '" + path_ + "': " + system_message(error));
}

void TrajectoryFile::write_timing(const RunTiming& timing) {
  const std::string what = "cannot write timing to '" + path_ + "'";
  ensure(!timing.phases.empty() && timing.seconds.size() % timing.phases.size() == 0,
         "one number for each phase");
  const std::array<hsize_t, 2> extents{timing.seconds.size() / timing.phases.size(), timing.phases.size()};
  const auto space = make_space(extents);
  const auto properties = dataset_properties();
  const Hdf5Handle dataset(H5Dcreate2(file_.get(), "/parameters/timing", file_type(ElementType::float64),
                                      space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                           H5Dclose, what);
  write_block(dataset, ElementType::float64, std::array<hsize_t, 2>{0, 0}, extents, timing.seconds.data(),
              what);
  write_attribute(dataset.get(), "phases", timing.phases);
  write_attribute(dataset.get(), "wall_seconds", timing.wall_seconds);
  flush();
}

void TrajectoryFile::flush() const {
  check_hdf5(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), "cannot write to '" + path_ + "'");
}

std::vector<Hdf5Handle*> TrajectoryFile::handles() {
  std::vector<Hdf5Handle*> all;
  for (auto* series : {&constant_, &per_frame_, &diagnostics_}) {
    for (auto& handle : *series) all.push_back(&handle);
  }
  for (Hdf5Handle* handle : checksums_->handles()) all.push_back(handle);
  // The file last.
  all.insert(all.end(),
             {&step_, &time_, &edges_, &diagnostic_step_, &diagnostic_time_, &valid_frames_, &file_});
  return all;
}

void TrajectoryFile::close() {
  explained([&] {
    for (Hdf5Handle* handle : handles()) handle->close("cannot close '" + path_ + "'");
    commit();
    if (const int error = bytes_->restore(); error != 0)
      throw Error(ExitCode::output, "cannot close '" + path_ + "': " + system_message(error));
  });
  place_->finish();
  if (sidecar_) sidecar_->close();
  record_.check(path_);
}

void TrajectoryFile::abandon() {
  bytes_->freeze();
  // The library has to be let go of the file; what it would still write goes nowhere.
  for (Hdf5Handle* handle : handles()) *handle = Hdf5Handle();
  if (!place_->is_finished()) {
    place_.reset();
    return;
  }
  // Of a file that others have cut or removed, nothing is cut.
  try {
    witness_.check(place_->place());
  } catch (const Error&) {
    return;
  }
  static_cast<void>(bytes_->restore());
}

}  // namespace orrery
