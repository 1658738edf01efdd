#include "io/text_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "core/number_text.hpp"
#include "io/column_values.hpp"

namespace orrery {
namespace {

constexpr std::array axis_names{"x", "y", "z"};
constexpr std::array velocity_names{"vx", "vy", "vz"};

}  // namespace

const std::vector<std::string_view>& LineSplitter::split(std::string_view line, Separator separator) {
  fields_.clear();
  if (line.find('"') != std::string_view::npos) {
    split_quoted(line, separator);
  } else if (separator == Separator::blanks) {
    constexpr std::string_view blanks = " \t";
    for (auto at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
      const auto end = line.find_first_of(blanks, at);
      fields_.push_back(line.substr(at, end - at));
      at = end == std::string_view::npos ? end : line.find_first_not_of(blanks, end);
    }
  } else {
    while (true) {
      const auto end = line.find(static_cast<char>(separator));
      fields_.push_back(trimmed(line.substr(0, end)));
      if (end == std::string_view::npos) break;
      line.remove_prefix(end + 1);
    }
  }
  return fields_;
}

void LineSplitter::split_quoted(std::string_view line, Separator separator) {
  unquoted_.clear();
  const bool by_blanks = separator == Separator::blanks;
  const auto is_separator = [&](char letter) {
    return by_blanks ? letter == ' ' || letter == '\t' : letter == static_cast<char>(separator);
  };
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && (line[at] == ' ' || (line[at] == '\t' && separator != Separator::tab))) ++at;
    if (by_blanks && at == line.size()) break;
    std::string text;
    if (at < line.size() && line[at] == '"') {
      for (++at;; ++at) {
        if (at == line.size())
          throw TextProblem("a quote is not closed (values over several lines are not read)");
        if (line[at] != '"') {
          text += line[at];
        } else if (at + 1 < line.size() && line[at + 1] == '"') {
          text += line[at++];
        } else {
          break;
        }
      }
      ++at;
      while (at < line.size() && !is_separator(line[at])) {
        if (line[at] != ' ' && line[at] != '\r') throw TextProblem("letters stand behind a closing quote");
        ++at;
      }
    } else {
      while (at < line.size() && !is_separator(line[at])) text += line[at++];
    }
    unquoted_.emplace_back(trimmed(text));
    if (at == line.size()) break;
    ++at;
  }
  fields_.assign(unquoted_.begin(), unquoted_.end());
}

TextRows::TextRows(std::vector<std::string> names, int axes, std::span<const ParameterColumn> parameters,
                   const std::string& expected)
    : names_(std::move(names)) {
  find_columns(axes, parameters, expected);
}

TextRows::TextRows(std::vector<std::string> names, const std::string& expected) : names_(std::move(names)) {
  find_columns(find("z") < 0 ? 2 : 3, {}, expected);
  id_ = -1;
  unused_.clear();
}

int TextRows::find(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return -1;
  if (std::find(found + 1, names_.end(), name) != names_.end())
    throw TextProblem("column '" + std::string(name) + "' is duplicated");
  return static_cast<int>(found - names_.begin());
}

void TextRows::find_columns(int axes, std::span<const ParameterColumn> parameters,
                            const std::string& expected) {
  std::vector<int> used;
  const auto missing = [&](const std::string& name, const std::string& need = "") {
    throw TextProblem("column '" + name + "' is missing" + need + "; the columns are " + expected);
  };
  for (int axis = 0; axis < axes; ++axis) {
    const char* const name = axis_names[static_cast<std::size_t>(axis)];
    position_.push_back(find(name));
    if (position_.back() < 0) missing(name);
  }
  parameters_.assign(parameters.begin(), parameters.end());
  const ParameterColumn* absent = nullptr;
  bool has_some = false;
  for (const auto& column : parameters_) {
    int at = find(column.name);
    if (at < 0 && column.is_constant()) at = find(column.dataset);
    if (at < 0 && !column.may_be_absent) missing(column.name, need_of(column));
    if (at < 0) absent = &column;
    if (at >= 0 && column.may_be_absent) has_some = true;
    if (column.name == "species") species_ = at;
    parameter_.push_back(at);
  }
  if (absent != nullptr && has_some) missing(absent->name, " and others like it are there");
  has_optional_ = absent == nullptr;
  id_ = find("id");
  if (axes == 2) {
    for (const char* const name : {axis_names[2], velocity_names[2]})
      if (const int at = find(name); at >= 0) flat_.push_back(at);
  }
  for (const auto* const columns : {&position_, &parameter_, &flat_})
    used.insert(used.end(), columns->begin(), columns->end());
  used.push_back(id_);
  for (int index = 0; index < static_cast<int>(names_.size()); ++index) {
    if (std::find(used.begin(), used.end(), index) == used.end())
      unused_.push_back(names_[static_cast<std::size_t>(index)]);
  }
}

double TextRows::with_comma(std::string_view text, int column) {
  std::string pointed(text);
  std::replace(pointed.begin(), pointed.end(), ',', '.');
  const auto value = parse_double(pointed);
  if (!value)
    throw TextProblem("column '" + names_[static_cast<std::size_t>(column)] + "': '" + std::string(text) +
                      "' is not a finite number");
  saw_comma_ = true;
  return *value;
}

double TextRows::number_in(std::span<const std::string_view> fields, int column) {
  const auto index = static_cast<std::size_t>(column);
  const std::string_view text = fields[index];
  if (commas_allowed_) {
    const bool has_comma = text.find(',') != std::string_view::npos;
    if (text.find('.') != std::string_view::npos) saw_point_ = true;
    if ((has_comma || saw_comma_) && saw_point_) {
      throw TextProblem("column '" + names_[index] + "': '" + std::string(text) +
                        "': decimal commas and points are both in the file; use one of them throughout");
    }
    if (has_comma) return with_comma(text, column);
  }
  const auto value = parse_double(text);
  if (!value)
    throw TextProblem("column '" + names_[index] + "': '" + std::string(text) + "' is not a finite number");
  return *value;
}

ParticleId TextRows::id_in(std::span<const std::string_view> fields) const {
  const std::string_view text = fields[static_cast<std::size_t>(id_)];
  std::int64_t id = -1;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (status != std::errc{} || end != text.data() + text.size() || id < 0) {
    throw TextProblem("column 'id': '" + std::string(text) + "' is not a whole number from 0 to " +
                      std::to_string(std::numeric_limits<std::int64_t>::max()));
  }
  return ParticleId{static_cast<std::uint64_t>(id)};
}

void TextRows::take(std::span<const std::string_view> fields, std::int64_t count, ParticleRows& rows,
                    std::size_t row) {
  for (std::size_t axis = 0; axis < position_.size(); ++axis)
    rows.position[axis][row] = number_in(fields, position_[axis]);
  for (const int column : flat_) {
    if (const double value = number_in(fields, column); value != 0.0) {
      throw TextProblem("column '" + names_[static_cast<std::size_t>(column)] + "': " + to_text(value) +
                        ", but particles move in the plane z = 0");
    }
  }
  rows.id[row] = id_ < 0 ? ParticleId{static_cast<std::uint64_t>(count)} : id_in(fields);
  for (std::size_t parameter = 0; parameter < parameter_.size(); ++parameter) {
    const int column = parameter_[parameter];
    double value = 0.0;
    if (column >= 0 && column == species_ && !species_numbers_.empty()) {
      const auto found = species_numbers_.find(fields[static_cast<std::size_t>(column)]);
      if (found == species_numbers_.end()) throw TextProblem("the file changed while it was read");
      value = found->second;
    } else if (column >= 0) {
      value = number_in(fields, column);
    }
    const std::string problem = problem_with_value(parameters_[parameter], rows.id[row], value);
    if (!problem.empty()) throw TextProblem(problem);
    rows.parameter[parameter][row] = value;
  }
}

}  // namespace orrery
