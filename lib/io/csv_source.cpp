#include "io/csv_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <limits>

#include "core/error.hpp"
#include "core/input_file.hpp"
#include "core/number_text.hpp"
#include "io/column_values.hpp"

namespace orrery {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

void split_line(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  while (true) {
    const auto comma = line.find(',');
    fields.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

}  // namespace

CsvReader::CsvReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters)
    : file_(file),
      position_column_(static_cast<std::size_t>(axes), -1),
      parameters_(parameters.begin(), parameters.end()),
      parameter_column_(parameters.size(), -1) {
  open("particles.file '" + file + "'");
  read_header();
  count_rows();
}

CsvReader::CsvReader(const std::string& file) : file_(file) {
  open("'" + file + "'");
  read_point_header();
  count_rows();
}

void CsvReader::open(const std::string& what) {
  check_input_file(file_, "cannot read " + what);
  errno = 0;
  stream_.open(file_, std::ios::binary);
  if (!stream_) throw Error(ExitCode::input_data, "cannot read " + what + ": " + system_message(errno));
}

void CsvReader::count_rows() {
  while (next_line()) ++count_;
  rewind();
}

bool CsvReader::next_line() {
  while (std::getline(stream_, line_)) {
    ++line_number_;
    if (line_number_ == 1 && line_.starts_with(byte_order_mark)) line_.erase(0, byte_order_mark.size());
    const auto text = trimmed(line_);
    if (!text.empty() && text.front() != '#') return true;
  }
  if (stream_.bad()) refuse("reading failed");
  return false;
}

void CsvReader::read_header() {
  std::string expected = "x,y";
  if (axes() == 3) expected += ",z";
  for (const auto& column : parameters_) expected += "," + column.name;
  expected += " and perhaps id";
  if (!next_line()) refuse("the file is empty; the first line names the columns: " + expected);

  split_line(line_, fields_);
  names_.assign(fields_.begin(), fields_.end());
  static constexpr std::array axis_names{"x", "y", "z"};
  for (int index = 0; index < std::ssize(names_); ++index) {
    const std::string& name = names_[static_cast<std::size_t>(index)];
    int* column = nullptr;
    for (std::size_t axis = 0; axis < position_column_.size(); ++axis) {
      if (name == axis_names[axis]) column = &position_column_[axis];
    }
    for (std::size_t parameter = 0; parameter < parameters_.size(); ++parameter) {
      if (name == parameters_[parameter].name) column = &parameter_column_[parameter];
    }
    if (name == "id") column = &id_column_;
    if (column == nullptr) refuse("unknown column '" + name + "'; the columns are " + expected);
    if (*column >= 0) refuse("column '" + name + "' stands twice");
    *column = index;
  }
  const auto missing = [&](const std::string& name, const std::string& need = "") {
    refuse("column '" + name + "' is missing" + need + "; the columns are " + expected);
  };
  for (std::size_t axis = 0; axis < position_column_.size(); ++axis) {
    if (position_column_[axis] < 0) missing(axis_names[axis]);
  }
  for (std::size_t parameter = 0; parameter < parameters_.size(); ++parameter) {
    const ParameterColumn& column = parameters_[parameter];
    if (parameter_column_[parameter] < 0) missing(column.name, need_of(column));
  }
}

void CsvReader::read_point_header() {
  static constexpr std::array axis_names{"x", "y", "z"};
  const std::string expected = "the first line names the columns: x,y and perhaps z and others";
  if (!next_line()) refuse("the file is empty; " + expected);
  split_line(line_, fields_);
  names_.assign(fields_.begin(), fields_.end());
  for (const auto* const axis : axis_names) {
    const auto column = std::find(names_.begin(), names_.end(), axis);
    if (column == names_.end()) {
      if (position_column_.size() < 2) refuse("column '" + std::string(axis) + "' is missing; " + expected);
      continue;
    }
    if (std::find(column + 1, names_.end(), axis) != names_.end())
      refuse("column '" + std::string(axis) + "' stands twice");
    position_column_.push_back(static_cast<int>(column - names_.begin()));
  }
}

void CsvReader::rewind() {
  stream_.clear();
  stream_.seekg(0);
  line_number_ = 0;
  next_row_ = 0;
  next_line();  // the header
}

void CsvReader::read_next(std::int64_t count, ParticleRows& rows) {
  rows.resize(static_cast<std::size_t>(count));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!next_line()) refuse("the file became shorter while it was read");
    parse_line(rows, row);
    ++next_row_;
  }
}

void CsvReader::parse_line(ParticleRows& rows, std::size_t row) {
  split_line(line_, fields_);
  if (fields_.size() != names_.size()) {
    refuse(std::to_string(fields_.size()) + " values, but the header names " + std::to_string(names_.size()) +
           " columns");
  }
  const auto number_in = [this](int column) {
    const auto index = static_cast<std::size_t>(column);
    const auto value = parse_double(fields_[index]);
    if (!value)
      refuse("column '" + names_[index] + "': '" + std::string(fields_[index]) + "' is not a finite number");
    return *value;
  };
  for (std::size_t axis = 0; axis < position_column_.size(); ++axis)
    rows.position[axis][row] = number_in(position_column_[axis]);
  rows.id[row] = id_column_ < 0 ? ParticleId{static_cast<std::uint64_t>(next_row_)} : parse_id();
  for (std::size_t parameter = 0; parameter < parameter_column_.size(); ++parameter) {
    const double value = number_in(parameter_column_[parameter]);
    const std::string problem = problem_with_value(parameters_[parameter], rows.id[row], value);
    if (!problem.empty()) refuse(problem);
    rows.parameter[parameter][row] = value;
  }
}

ParticleId CsvReader::parse_id() {
  const std::string_view text = fields_[static_cast<std::size_t>(id_column_)];
  std::int64_t id = -1;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (status != std::errc{} || end != text.data() + text.size() || id < 0) {
    refuse("column 'id': '" + std::string(text) + "' is not a whole number from 0 to " +
           std::to_string(std::numeric_limits<std::int64_t>::max()));
  }
  return ParticleId{static_cast<std::uint64_t>(id)};
}

std::string CsvReader::place_of(std::int64_t row) const {
  // Only ever asked for an error message: the file is walked again rather than every line's number kept.
  std::ifstream stream(file_, std::ios::binary);
  std::string line;
  std::int64_t line_number = 0;
  for (std::int64_t lines_left = row + 2;
       lines_left > 0 && std::getline(stream, line);) {  // the header, and rows 0 to `row`
    ++line_number;
    const auto text = trimmed(line);
    if (!text.empty() && text.front() != '#') --lines_left;
  }
  return "line " + std::to_string(line_number);
}

void CsvReader::refuse(const std::string& problem) const {
  throw Error(ExitCode::input_data,
              file_ + ":" + std::to_string(std::max<std::int64_t>(line_number_, 1)) + ": " + problem);
}

}  // namespace orrery
