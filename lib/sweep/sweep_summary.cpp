#include "sweep/sweep_summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "io/byte_file.hpp"
#include "io/table_file.hpp"

namespace orrery {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;
using WholeNumbers = std::vector<std::int64_t>;

template <class Values, class Pick>
TableColumn column(const std::string& name, const std::vector<SweepRow>& rows, Pick&& pick) {
  Values values;
  values.reserve(rows.size());
  for (const auto& row : rows) values.push_back(pick(row));
  return {name, std::move(values)};
}

TableColumn varied_column(std::size_t at, const std::vector<SweepRow>& rows) {
  const std::string& name = rows.front().member.values[at].first;
  const auto text = [at](const SweepRow& row) { return row.member.values[at].second; };
  if (std::all_of(rows.begin(), rows.end(),
                  [&](const auto& row) { return parse_double(text(row)).has_value(); }))
    return column<Numbers>(name, rows, [&](const SweepRow& row) { return *parse_double(text(row)); });
  return column<Texts>(name, rows, text);
}

Texts diagnostic_names(const std::vector<SweepRow>& rows) {
  Texts names;
  for (const auto& row : rows) {
    for (const auto& [name, value] : row.diagnostics) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

double diagnostic(const SweepRow& row, const std::string& wanted) {
  for (const auto& [name, value] : row.diagnostics) {
    if (name == wanted) return value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<TableColumn> columns_of(const std::vector<SweepRow>& rows) {
  const auto if_done = [](const SweepRow& row, double value) {
    return row.status == "done" ? value : std::numeric_limits<double>::quiet_NaN();
  };
  std::vector<TableColumn> columns;
  columns.push_back(
      column<WholeNumbers>("member", rows, [](const SweepRow& row) { return row.member.index; }));
  for (std::size_t at = 0; !rows.empty() && at < rows.front().member.values.size(); ++at)
    columns.push_back(varied_column(at, rows));
  columns.push_back(
      column<WholeNumbers>("replica", rows, [](const SweepRow& row) { return row.member.replica; }));
  for (std::size_t at = 0; !rows.empty() && at < rows.front().member.seeds.size(); ++at) {
    const std::string& key = rows.front().member.seeds[at].first;
    const auto& varied = rows.front().member.values;
    const bool is_there =
        std::any_of(varied.begin(), varied.end(), [&key](const auto& value) { return value.first == key; });
    if (key != first_seed && is_there) continue;
    const std::string name = key == first_seed ? "seed" : key;
    columns.push_back(column<WholeNumbers>(name, rows, [at](const SweepRow& row) {
      return static_cast<std::int64_t>(row.member.seeds[at].second);
    }));
  }
  columns.push_back(column<Texts>("status", rows, [](const SweepRow& row) { return row.status; }));
  columns.push_back(column<WholeNumbers>("attempts", rows, [](const SweepRow& row) { return row.attempts; }));
  columns.push_back(column<Numbers>("wall_seconds", rows,
                                    [&](const SweepRow& row) { return if_done(row, row.wall_seconds); }));
  columns.push_back(column<Numbers>(
      "step", rows, [&](const SweepRow& row) { return if_done(row, static_cast<double>(row.step)); }));
  columns.push_back(
      column<Numbers>("time", rows, [&](const SweepRow& row) { return if_done(row, row.time); }));
  for (const auto& name : diagnostic_names(rows))
    columns.push_back(
        column<Numbers>(name, rows, [&](const SweepRow& row) { return diagnostic(row, name); }));
  columns.push_back(column<Texts>(
      "directory", rows, [](const SweepRow& row) { return SweepPlan::directory_of(row.member.index); }));
  return columns;
}

std::string cell(const TableColumn& column, std::size_t row) {
  if (const auto* const whole = std::get_if<WholeNumbers>(&column.values))
    return std::to_string((*whole)[row]);
  if (const auto* const numbers = std::get_if<Numbers>(&column.values))
    return std::isnan((*numbers)[row]) ? "" : to_text((*numbers)[row]);
  const std::string& text = std::get<Texts>(column.values)[row];
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + "\"";
}

void write_csv(const std::string& path, const std::vector<TableColumn>& columns, std::size_t rows) {
  std::string text;
  for (const auto& column : columns) text += (text.empty() ? "" : ",") + column.name;
  for (std::size_t row = 0; row < rows; ++row) {
    text += '\n';
    for (std::size_t at = 0; at < columns.size(); ++at) {
      if (at > 0) text += ',';
      text += cell(columns[at], row);
    }
  }
  text += '\n';
  write_file("", path, text);
}

}  // namespace

void write_summary(const std::string& directory, const std::vector<SweepRow>& rows) {
  const auto columns = columns_of(rows);
  write_csv(directory + "/summary.csv", columns, rows.size());
  write_table_file(directory + "/summary.h5", columns);
}

}  // namespace orrery
