#include "io/h5md_source.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/number_text.hpp"
#include "io/column_values.hpp"
#include "io/stored_checksums.hpp"

namespace orrery {
namespace {

constexpr std::int64_t rows_at_a_time = 1 << 16;

std::string name_in_messages(const std::string& file) {
  return "cannot use particles.file '" + file + "'";
}

bool is_velocity(const ParameterColumn& column) {
  return column.dataset == "velocity";
}

}  // namespace

H5mdReader::H5mdReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters,
                       const std::string& group, std::function<void()> alive)
    : file_(file),
      axes_(axes),
      reader_(file, group, name_in_messages(file), "particles.group"),
      alive_(std::move(alive)),
      position_(reader_.description().quantities.front()) {
  check_positions();
  for (const auto& column : parameters) columns_.push_back({column, find_field(column)});
  find_ids();
  choose_frame();
  check_order_of_rows();
  check_checksums();
  describe_start();
}

void H5mdReader::check_positions() const {
  const TrajectoryDescription& about = reader_.description();
  if (about.axes < axes_) {
    refuse(position_.dataset + " has " + std::to_string(about.axes) + " axes, the law needs " +
           std::to_string(axes_));
  }
  // What contradicts itself in a file that counts its frames has been damaged.
  if (about.says_valid_frames && !about.problems.empty()) refuse(about.problems.front());
}

/// Fields may have a number or several for each particle, once or with every frame.
const StoredField* H5mdReader::find_field(const ParameterColumn& column) const {
  const StoredField* const field = reader_.find(column.dataset);
  const std::string path = "/particles/" + reader_.description().group + "/" + column.dataset;
  if (field == nullptr) {
    if (is_velocity(column)) return nullptr;
    refuse("data set " + path + " is missing" + need_of(column));
  }
  const std::size_t leading = field->leading_extents();
  const bool has_component = column.is_constant() ? field->extents.size() == leading
                                                  : field->extents.size() == leading + 1 &&
                                                        field->extents[leading] > column.component;
  const bool has_rows = field->extents.size() >= leading && field->extents[leading - 1] == count();
  const bool is_whole = column.values > 0;
  if (!has_component || !has_rows || (is_whole ? !reader_.is_whole(*field) : !field->type)) {
    refuse(field->dataset + " does not have " +
           (is_whole               ? "a whole number"
            : column.is_constant() ? "a number"
                                   : "numbers for each axis") +
           " for each of the " + std::to_string(count()) + " particles, once or with every frame");
  }
  return field;
}

void H5mdReader::find_ids() {
  id_ = reader_.find("id");
  if (id_ == nullptr) return;
  const std::size_t leading = id_->leading_extents();
  if (id_->extents.size() != leading || id_->extents[leading - 1] != count() || !reader_.is_whole(*id_))
    refuse(id_->dataset + " is not one whole number for each of the " + std::to_string(count()) +
           " particles, once or with every frame");
}

/// The last frame that has all: positions go on where other quantities have no row of their step.
void H5mdReader::choose_frame() {
  const TrajectoryDescription& about = reader_.description();
  if (about.valid_frames == 0 && !about.has_checksums) refuse("it holds no complete frame");
  std::vector<const StoredField*> needed;
  const auto need = [&](const StoredField* field) {
    if (field != nullptr && !field->is_once && std::find(needed.begin(), needed.end(), field) == needed.end())
      needed.push_back(field);
  };
  for (const auto& column : columns_) need(column.field);
  need(id_);
  frame_ = about.valid_frames - 1;
  const StoredField* missing = nullptr;
  const auto has_all = [&](std::int64_t frame) {
    for (const StoredField* const field : needed) {
      if (reader_.row_of(*field, frame)) continue;
      missing = field;
      return false;
    }
    return true;
  };
  while (frame_ >= 0 && !has_all(frame_)) --frame_;
  if (missing == nullptr) return;
  const std::string both = position_.dataset + " has " + position_.clock->text() + ", " + missing->dataset +
                           " has " + missing->clock->text();
  if (frame_ < 0)
    refuse("no frame has " + missing->name + " of its step: " + both +
           "; write both at the same steps, or make a start file of one frame");
  start_.notes.push_back("'" + file_ + "': the run begins at step " +
                         std::to_string(reader_.read_steps(frame_, 1)[0]) + ", the last that has " +
                         missing->name + " too (" + both + ")");
}

/// What is stored once for all frames stands in the order of ids that the first frame has.
void H5mdReader::check_order_of_rows() const {
  if (id_ == nullptr || id_->is_once || frame_ < 0) return;
  const auto once = std::find_if(columns_.begin(), columns_.end(), [](const StoredColumn& column) {
    return column.field != nullptr && column.field->is_once;
  });
  if (once == columns_.end() && !position_.is_once) return;
  std::vector<std::uint64_t> here, first;
  for (std::int64_t row = 0; row < count(); row += rows_at_a_time) {
    const std::int64_t rows = std::min(rows_at_a_time, count() - row);
    reader_.read_ids(*id_, frame_, row, rows, here);
    reader_.read_ids(*id_, 0, row, rows, first);
    if (here == first) continue;
    refuse((once == columns_.end() ? position_.dataset : once->field->dataset) +
           " is stored once, but the order of " + id_->dataset +
           " changes, so that its rows belong to no id; store it with every frame");
  }
}

/// The frame that is read, and what is the same for all, must be what was written.
void H5mdReader::check_checksums() {
  const TrajectoryDescription& about = reader_.description();
  start_.is_own = about.is_own();
  if (!about.has_checksums) {
    if (about.is_own())
      start_.notes.push_back("'" + file_ +
                             "' is a trajectory of orrery that has lost its checksums; whether "
                             "its numbers are those that were written cannot be told");
    return;
  }
  const auto refuse_first = [this](const std::vector<std::string>& problems) {
    if (!problems.empty())
      refuse(problems.front() +
             ": it was damaged or changed; take another frame's file, or, where it was "
             "changed on purpose, remove /run/checksums from it");
  };
  refuse_first(mismatches_of_constants(reader_, alive_));
  // Its writer may have been ended between a frame and the count of frames, or the count is what was damaged:
  // a frame that has its checksums is one.
  const std::int64_t more = about.valid_frames, summed = reader_.checksummed_frames();
  if (const std::int64_t counted = reader_.frames_counted_now(); summed > counted + 1)
    refuse("/run/valid_frames says " + std::to_string(counted) +
           " frames are complete, but there are checksums of " + std::to_string(summed));
  if (summed > more && position_.clock->frames() > more && mismatches_of_frame(reader_, more, alive_).empty())
    frame_ = more;
  if (frame_ < 0) refuse("it holds no complete frame");
  if (frame_ != more) refuse_first(mismatches_of_frame(reader_, frame_, alive_));
}

void H5mdReader::describe_start() {
  const TrajectoryDescription& about = reader_.description();
  start_.box = reader_.read_box(frame_);
  if (about.has_steps) start_.step = reader_.read_steps(frame_, 1)[0];
  start_.first_step = about.earlier_steps;
  if (about.has_times) start_.time = reader_.read_times(frame_, 1)[0];
  reader_.read_units(start_);
  if (about.is_own()) start_.configuration = about.configuration;
  start_.tells_species = reader_.find("species") != nullptr;
  start_.tells_velocities = reader_.find("velocity") != nullptr;
  const bool wants_velocities = std::any_of(columns_.begin(), columns_.end(), [](const StoredColumn& column) {
    return is_velocity(column.column);
  });
  if (wants_velocities && !start_.tells_velocities)
    start_.notes.push_back("'" + file_ + "' holds no velocities (/particles/" + about.group +
                           "/velocity): all particles are at rest, or get particles.temperature");
}

void H5mdReader::read_next(std::int64_t count, ParticleRows& rows) {
  alive_();
  rows.resize(static_cast<std::size_t>(count));
  read_positions(count, rows);
  if (id_ != nullptr) reader_.read_ids(*id_, frame_, next_row_, count, ids_);
  for (std::size_t index = 0; index < rows.size(); ++index)
    rows.id[index] = ParticleId{id_ != nullptr ? ids_[index] : static_cast<std::uint64_t>(next_row_) + index};
  for (std::size_t column = 0; column < columns_.size(); ++column)
    read_column(columns_[column], rows.id, rows.parameter[column]);
  next_row_ += count;
}

void H5mdReader::read_positions(std::int64_t count, ParticleRows& rows) {
  reader_.read_numbers(position_, frame_, next_row_, count, TrajectoryReader::all_components, numbers_);
  const auto stored = static_cast<std::size_t>(reader_.description().axes);
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const std::int64_t row = next_row_ + static_cast<std::int64_t>(index);
    for (std::size_t axis = 0; axis < stored; ++axis) {
      const double value = numbers_[index * stored + axis];
      check_finite(position_.dataset, row, value);
      if (axis < rows.position.size()) {
        rows.position[axis][index] = value;
      } else if (value != 0.0) {
        refuse(position_.dataset + ", row " + std::to_string(row) + ": z is " + to_text(value) +
               ", but the law moves particles in the plane z = 0");
      }
    }
  }
}

void H5mdReader::read_column(const StoredColumn& column, std::span<const ParticleId> ids,
                             std::vector<double>& values) {
  if (column.field == nullptr) {
    values.assign(ids.size(), 0.0);
    return;
  }
  const int component =
      column.column.is_constant() ? TrajectoryReader::all_components : column.column.component;
  reader_.read_numbers(*column.field, frame_, next_row_, std::ssize(ids), component, values);
  for (std::size_t index = 0; index < values.size(); ++index) {
    check_finite(column.field->dataset, next_row_ + static_cast<std::int64_t>(index), values[index]);
    const std::string problem = problem_with_value(column.column, ids[index], values[index]);
    if (!problem.empty()) refuse(column.field->dataset + ": " + problem);
  }
}

void H5mdReader::check_finite(const std::string& dataset, std::int64_t row, double value) const {
  if (!std::isfinite(value))
    refuse(dataset + ", row " + std::to_string(row) + ": the value is not a finite number");
}

void H5mdReader::refuse(const std::string& problem) const {
  throw Error(ExitCode::input_data, name_in_messages(file_) + ": " + problem);
}

}  // namespace orrery
