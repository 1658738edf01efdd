#include "io/xyz_source.hpp"

#include <algorithm>
#include <map>

#include "core/number_text.hpp"
#include "io/xyz_comment.hpp"

namespace orrery {
namespace {

constexpr std::size_t most_species = 1000;

std::string expected_columns(std::span<const ParameterColumn> parameters) {
  std::string expected = "pos";
  for (const auto& column : parameters)
    if (!column.may_be_absent) expected += ", " + column.name;
  return expected + " and perhaps velo, id and species";
}

}  // namespace

XyzReader::XyzReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters)
    : TextReader(file, "particles.file '" + file + "'") {
  look([&] {
    rows_ = TextRows(find_last_frame(), axes, parameters, expected_columns(parameters));
    if (rows_.species_column() >= 0) number_species();
  });
  start_.tells_velocities = rows_.has_optional();
  std::vector<std::string> unused = rows_.unused();
  std::erase_if(unused, [](const std::string& name) { return name == "species" || name == "element"; });
  note_unused(unused);
  rewind();
}

XyzReader::XyzReader(const std::string& file) : TextReader(file, "'" + file + "'") {
  look([&] { rows_ = TextRows(find_last_frame(), "pos"); });
  rewind();
}

/// Leaves the file behind the last comment. @return names of the columns
std::vector<std::string> XyzReader::find_last_frame() {
  columns_are_ = "the frame has ";
  std::string comment;
  std::string_view line;
  while (lines_.next(line)) {
    const auto text = trimmed(line);
    if (text.empty()) continue;
    const auto count = parse_count(text);
    if (!count || *count > static_cast<std::uint64_t>(INT64_MAX))
      throw TextProblem("'" + std::string(text.substr(0, 40)) +
                        "' is not a number of particles, with which a frame begins");
    count_ = static_cast<std::int64_t>(*count);
    if (!lines_.next(line)) throw TextProblem("the file ends before the frame's comment");
    comment = line;
    first_line_ = lines_.number();
    for (std::int64_t row = 0; row < count_; ++row) {
      if (!lines_.next(line))
        throw TextProblem("the file ends after " + std::to_string(row) + " of " + std::to_string(count_) +
                          " particles of its last frame");
    }
  }
  if (first_line_ == 0)
    throw TextProblem("the file is empty; a frame begins with the number of its particles");
  rewind();
  const auto words = xyz_words(comment);
  start_.box = xyz_box(words);
  if (const auto step = words.find("step"); step != words.end())
    if (const auto number = parse_count(step->second)) start_.step = static_cast<std::int64_t>(*number);
  if (const auto time = words.find("time"); time != words.end()) start_.time = parse_double(time->second);
  if (const auto properties = words.find("properties"); properties != words.end())
    return xyz_columns(properties->second);
  std::vector<std::string> names{"species", "x", "y", "z"};
  if (count_ > 0 && lines_.next(line)) {
    const std::size_t fields = splitter_.split(line, Separator::blanks).size();
    while (names.size() < fields) names.push_back(std::to_string(names.size() + 1));
  }
  return names;
}

/// Numbers for the names of species, where they are none.
void XyzReader::number_species() {
  std::map<std::string, int, std::less<>> numbers;
  rewind();
  std::string_view line;
  for (std::int64_t row = 0; row < count_ && lines_.next(line); ++row) {
    const auto& fields = splitter_.split(line, Separator::blanks);
    if (static_cast<int>(fields.size()) <= rows_.species_column()) return;  // reading refuses it
    const auto name = fields[static_cast<std::size_t>(rows_.species_column())];
    if (numbers.contains(name)) continue;
    if (numbers.size() == most_species) throw TextProblem("there are more than 1000 names of species");
    numbers.emplace(name, static_cast<int>(numbers.size()));
  }
  const bool are_numbers = std::all_of(
      numbers.begin(), numbers.end(), [](const auto& entry) { return parse_count(entry.first).has_value(); });
  if (!are_numbers) rows_.name_species(std::move(numbers));
}

std::string XyzReader::place_of(std::int64_t row) const {
  return "line " + std::to_string(first_line_ + 1 + row);
}

}  // namespace orrery
