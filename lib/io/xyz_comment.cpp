#include "io/xyz_comment.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/number_text.hpp"
#include "io/text_rows.hpp"

namespace orrery {
namespace {

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return small;
}

std::vector<double> numbers_in(const std::map<std::string, std::string>& words, const std::string& key,
                               std::size_t count) {
  const auto found = words.find(key);
  if (found == words.end()) return {};
  std::string text = found->second;
  std::replace_if(
      text.begin(), text.end(), [](char letter) { return letter == ',' || letter == '[' || letter == ']'; },
      ' ');
  LineSplitter splitter;
  std::vector<double> numbers;
  for (const auto& word : splitter.split(text, Separator::blanks)) {
    const auto number = parse_double(word);
    if (!number) throw TextProblem(key + ": '" + std::string(word) + "' is not a finite number");
    numbers.push_back(*number);
  }
  if (numbers.size() != count)
    throw TextProblem(key + " has " + std::to_string(numbers.size()) + " numbers instead of " +
                      std::to_string(count));
  return numbers;
}

}  // namespace

std::map<std::string, std::string> xyz_words(std::string_view comment) {
  constexpr std::string_view blanks = " \t";
  std::map<std::string, std::string> words;
  for (std::size_t at = comment.find_first_not_of(blanks); at < comment.size();) {
    const std::size_t key_end = std::min(comment.find_first_of(" \t=", at), comment.size());
    const std::string key = lower(comment.substr(at, key_end - at));
    at = std::min(comment.find_first_not_of(blanks, key_end), comment.size());
    if (at == comment.size() || comment[at] != '=') continue;
    at = std::min(comment.find_first_not_of(blanks, at + 1), comment.size());
    if (at == comment.size()) break;
    const char opening = comment[at];
    const char closing = opening == '{' ? '}' : opening == '[' ? ']' : opening;
    std::size_t end = 0;
    if (opening == '"' || opening == '\'' || opening == '{' || opening == '[') {
      end = std::min(comment.find(closing, ++at), comment.size());
    } else {
      end = std::min(comment.find_first_of(blanks, at), comment.size());
    }
    words.emplace(key, comment.substr(at, end - at));
    at = std::min(comment.find_first_not_of(
                      blanks, std::min(end + (end < comment.size() && comment[end] == closing ? 1 : 0),
                                       comment.size())),
                  comment.size());
  }
  return words;
}

std::vector<std::string> xyz_columns(const std::string& properties) {
  std::vector<std::string> parts;
  for (std::string_view rest = properties;;) {
    const auto colon = std::min(rest.find(':'), rest.size());
    parts.emplace_back(trimmed(rest.substr(0, colon)));
    if (colon == rest.size()) break;
    rest.remove_prefix(colon + 1);
  }
  if (parts.size() % 3 != 0)
    throw TextProblem("Properties '" + properties + "' is not made of name:type:number");
  bool has_type = false;
  for (std::size_t at = 0; at < parts.size(); at += 3)
    has_type |= lower(parts[at]) == "type" && parts[at + 1] == "I";
  std::vector<std::string> names;
  for (std::size_t at = 0; at < parts.size(); at += 3) {
    const std::string name = lower(parts[at]);
    const auto count = parse_count(parts[at + 2]);
    constexpr std::uint64_t most = 1000;
    if (!count || *count < 1 || *count > most)
      throw TextProblem("Properties: '" + parts[at] + "' has '" + parts[at + 2] + "' numbers");
    const bool is_velocity = name == "velo" || name == "vel" || name == "velocity" || name == "velocities";
    if (*count == 3 && (name == "pos" || name == "position" || name == "positions" || is_velocity)) {
      for (const char* const axis : {"x", "y", "z"})
        names.push_back(std::string(is_velocity ? "v" : "").append(axis));
    } else if (*count > 1) {
      for (std::uint64_t number = 1; number <= *count; ++number)
        names.push_back(parts[at] + "_" + std::to_string(number));
    } else if (has_type && name == "type") {
      names.emplace_back("species");
    } else if (name == "species") {
      names.emplace_back(has_type ? "element" : "species");
    } else {
      names.push_back(name == "id" ? name : parts[at]);
    }
  }
  return names;
}

std::optional<StoredBox> xyz_box(const std::map<std::string, std::string>& words) {
  constexpr std::size_t axes = 3;
  const auto edges = numbers_in(words, "lattice", axes * axes);
  if (edges.empty()) return std::nullopt;
  StoredBox box;
  box.axes = 3;
  box.place = "Lattice";
  for (std::size_t row = 0; row < axes; ++row) {
    box.lengths[row] = edges[axes * row + row];
    box.boundary[row] = StoredBoundary::periodic;
    for (std::size_t column = 0; column < axes; ++column)
      if (row != column && edges[axes * row + column] != 0.0)
        box.problem = "its edges are not along the axes";
  }
  if (box.problem.empty() &&
      !std::all_of(box.lengths.begin(), box.lengths.end(), [](double length) { return length > 0.0; }))
    box.problem = "its edges are not lengths above 0";
  if (const auto origin = numbers_in(words, "origin", axes); !origin.empty())
    box.origin = {origin[0], origin[1], origin[2]};
  const auto periodic = words.find("pbc");
  if (periodic == words.end()) return box;
  LineSplitter splitter;
  std::string text = lower(periodic->second);
  std::replace(text.begin(), text.end(), ',', ' ');
  const auto flags = splitter.split(text, Separator::blanks);
  for (std::size_t axis = 0; axis < axes && !flags.empty(); ++axis) {
    const auto flag = flags[std::min(axis, flags.size() - 1)];
    if (flag == "f" || flag == "false" || flag == "0") box.boundary[axis] = StoredBoundary::none;
  }
  return box;
}

}  // namespace orrery
