#include "io/csv_source.hpp"

#include <algorithm>
#include <array>

#include "core/number_text.hpp"

namespace orrery {
namespace {

bool names_positions(const std::vector<std::string>& names) {
  const auto has = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return has("x") && has("y");
}

std::string expected_columns(int axes, std::span<const ParameterColumn> parameters) {
  std::string expected = axes == 3 ? "x,y,z" : "x,y";
  for (const auto& column : parameters)
    if (!column.may_be_absent) expected += "," + column.name;
  expected += " and perhaps id";
  for (const auto& column : parameters)
    if (column.may_be_absent) expected += "," + column.name;
  return expected;
}

}  // namespace

CsvReader::CsvReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters)
    : TextReader(file, "particles.file '" + file + "'") {
  const std::string expected = expected_columns(axes, parameters);
  look([&] { rows_ = TextRows(read_header(expected), axes, parameters, expected); });
  note_unused(rows_.unused());
  start_.tells_velocities = rows_.has_optional();
  count_rows();
}

CsvReader::CsvReader(const std::string& file) : TextReader(file, "'" + file + "'") {
  const std::string expected = "x,y and perhaps z and others";
  look([&] { rows_ = TextRows(read_header(expected), expected); });
  count_rows();
}

std::vector<std::string> CsvReader::names_in(std::string_view line, Separator separator) {
  const auto& fields = splitter_.split(line, separator);
  return {fields.begin(), fields.end()};
}

/// Parts a header by the separator that shows x and y; else by that which makes most of it. A separator at
/// which its quotes do not end is not that of the file.
bool CsvReader::find_separator(std::string_view line, std::vector<std::string>& names) {
  names.clear();
  for (const auto separator : {Separator::comma, Separator::semicolon, Separator::tab, Separator::blanks}) {
    std::vector<std::string> found;
    try {
      found = names_in(line, separator);
    } catch (const TextProblem&) {
      continue;
    }
    if (names_positions(found)) {
      separator_ = separator;
      names = std::move(found);
      return true;
    }
    if (found.size() <= names.size()) continue;
    separator_ = separator;
    names = std::move(found);
  }
  return false;
}

std::vector<std::string> CsvReader::read_header(const std::string& expected) {
  std::string named;  // by the last comment that names columns
  std::int64_t line_of_named = 0;
  std::vector<std::string> names;
  for (std::string_view line; lines_.next(line);) {
    const auto text = trimmed(line);
    if (text.empty()) continue;
    if (text.front() != '#') {
      first_line_ = lines_.number();
      const bool is_header = find_separator(line, names);
      if (!is_header && line_of_named > 0 && !names.empty() && parse_double(names.front())) {
        first_line_ = line_of_named;
        find_separator(named, names);
      }
      if (names.empty())
        names = names_in(line, Separator::comma);  // which says what is wrong with its quotes
      return names;
    }
    const auto inner = trimmed(text.substr(
        text.find_first_not_of('#') == std::string_view::npos ? text.size() : text.find_first_not_of('#')));
    if (!inner.empty() && find_separator(inner, names)) {
      named = inner;
      line_of_named = lines_.number();
    }
  }
  if (line_of_named == 0)
    throw TextProblem("the file is empty; the first line names the columns: " + expected);
  first_line_ = line_of_named;
  find_separator(named, names);
  return names;
}

bool CsvReader::next_row(std::string_view& line) {
  while (lines_.next(line)) {
    const auto first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos && line[first] != '#') return true;
  }
  return false;
}

void CsvReader::count_rows() {
  columns_are_ = "the header names ";
  if (separator_ == Separator::semicolon) rows_.allow_decimal_commas();
  rewind();
  for (std::string_view line; next_row(line);) ++count_;
  rewind();
}

std::string CsvReader::place_of(std::int64_t row) const {
  // Only ever asked for an error message: the file is walked again rather than every line's number kept.
  TextLines lines(lines_.file(), "'" + lines_.file() + "'");
  std::string_view line;
  for (std::int64_t rows_left = row + 1; rows_left > 0 && lines.next(line);) {
    const auto text = trimmed(line);
    if (lines.number() > first_line_ && !text.empty() && text.front() != '#') --rows_left;
  }
  return "line " + std::to_string(lines.number());
}

}  // namespace orrery
