#include "core/option_set.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "core/number_text.hpp"

namespace orrery {
namespace {

std::string describe_limits(Limits limits) {
  const bool has_least = limits.least > -std::numeric_limits<double>::infinity();
  const bool has_most = limits.most < std::numeric_limits<double>::infinity();
  std::string text = "a number";
  if (has_least) text += (limits.above ? " above " : " from ") + to_text(limits.least);
  if (has_most) text += (has_least ? " up to " : " of at most ") + to_text(limits.most);
  return text;
}

/// The numbers in a text, parted by blanks or by one comma.
std::optional<std::vector<double>> parse_numbers(std::string_view text) {
  std::vector<double> numbers;
  text = trimmed(text);
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(", \t"), text.size());
    const auto number = parse_double(text.substr(0, end));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    text = trimmed(text.substr(end));
    if (text.starts_with(',')) {
      text = trimmed(text.substr(1));
      if (text.empty()) return std::nullopt;
    }
  }
  return numbers;
}

/// The parts of a text between its commas, blanks around them left out; one more than there are commas.
std::vector<std::string> parts_between_commas(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const auto comma = std::min(text.find(','), text.size());
    parts.emplace_back(trimmed(text.substr(0, comma)));
    if (comma == text.size()) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::string joined_by_commas(const std::vector<std::string>& parts, std::string_view comma) {
  std::string text;
  for (const auto& part : parts) text.append(text.empty() ? "" : comma).append(part);
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

void OptionSet::add(Option option, const Described& described) {
  ensure(find(option.key) == nullptr, "an option is declared twice");
  option.help = described.help;
  option.unit = described.unit;
  option.default_text = option.text();
  options_.push_back(std::move(option));
}

void OptionSet::add(std::string_view key, double& field, Limits limits, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = describe_limits(limits);
  option.assign = [&field, limits](std::string_view text) {
    const auto value = parse_double(text);
    if (!value || *value < limits.least || *value > limits.most || (limits.above && *value == limits.least))
      return false;
    field = *value;
    return true;
  };
  option.text = [&field] { return to_text(field); };
  add(std::move(option), described);
}

void OptionSet::add(std::string_view key, std::uint64_t& field, std::uint64_t least, std::uint64_t most,
                    const Described& described) {
  Option option;
  option.key = key;
  option.accepts = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  option.assign = [&field, least, most](std::string_view text) {
    const auto value = parse_count(text);
    if (!value || *value < least || *value > most) return false;
    field = *value;
    return true;
  };
  option.text = [&field] { return std::to_string(field); };
  add(std::move(option), described);
}

void OptionSet::add(std::string_view key, bool& field, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = "true, false";
  option.is_switch = true;
  option.assign = [&field](std::string_view text) {
    const bool is_true = text == "true" || text == "on" || text == "yes" || text == "1";
    const bool is_false = text == "false" || text == "off" || text == "no" || text == "0";
    if (is_true || is_false) field = is_true;
    return is_true || is_false;
  };
  option.text = [&field] { return std::string(field ? "true" : "false"); };
  add(std::move(option), described);
}

void OptionSet::add(std::string_view key, std::string& field, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = "a text";
  option.assign = [&field](std::string_view text) {
    field = text;
    return true;
  };
  option.text = [&field] { return field; };
  add(std::move(option), described);
}

void OptionSet::add(std::string_view key, Vec2& field, bool one_means_both, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = one_means_both ? "one number, or one for x and one for y" : "two numbers";
  option.tokens = 2;
  option.assign = [&field, one_means_both](std::string_view text) {
    const auto numbers = parse_numbers(text);
    if (!numbers || !(numbers->size() == 2 || (numbers->size() == 1 && one_means_both))) return false;
    field = {numbers->front(), numbers->back()};
    return true;
  };
  option.text = [&field] { return to_text(field[0]) + " " + to_text(field[1]); };
  add(std::move(option), described);
}

void OptionSet::add(std::string_view key, std::vector<std::uint64_t>& field, std::uint64_t least,
                    std::uint64_t most, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = "whole numbers from " + std::to_string(least) + " to " + std::to_string(most) +
                   ", with commas between them";
  option.assign = [&field, least, most](std::string_view text) {
    std::vector<std::uint64_t> values;
    for (const auto& part : parts_between_commas(text)) {
      const auto value = parse_count(part);
      if (!value || *value < least || *value > most) return false;
      values.push_back(*value);
    }
    field = values;
    return true;
  };
  option.text = [&field] {
    std::vector<std::string> parts;
    parts.reserve(field.size());
    for (const std::uint64_t value : field) parts.push_back(std::to_string(value));
    return joined_by_commas(parts, ",");
  };
  add(std::move(option), described);
}

void OptionSet::add_names(std::string_view key, std::vector<std::string>& field,
                          const std::vector<std::string>& names, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = "some of " + joined_by_commas(names, ", ") + ", with commas between them";
  option.assign = [&field, names](std::string_view text) {
    const auto chosen = parts_between_commas(text);
    const bool all_known = std::all_of(chosen.begin(), chosen.end(), [&names](const auto& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    });
    if (all_known) field = chosen;
    return all_known;
  };
  option.text = [&field] { return joined_by_commas(field, ","); };
  add(std::move(option), described);
}

void OptionSet::add_named_choice(std::string_view key, const std::vector<std::string>& names,
                                 std::function<void(std::size_t)> select,
                                 const std::function<std::size_t()>& selected, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = joined_by_commas(names, ", ");
  option.assign = [names, select = std::move(select)](std::string_view text) {
    const auto match = std::find(names.begin(), names.end(), text);
    if (match == names.end()) return false;
    select(static_cast<std::size_t>(match - names.begin()));
    return true;
  };
  option.text = [names, selected] { return names[selected()]; };
  add(std::move(option), described);
}

const Option* OptionSet::find(std::string_view key) const {
  const auto match =
      std::find_if(options_.begin(), options_.end(), [key](const Option& o) { return o.key == key; });
  return match == options_.end() ? nullptr : &*match;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  std::string nearest;
  std::size_t least = std::max<std::size_t>(3, name.size() / 2) + 1;
  for (const auto& candidate : candidates) {
    std::size_t distance = edit_distance(name, candidate);
    // A key without its section is a common slip: compare the last part alone too.
    const auto dot = candidate.find('.');
    if (dot != std::string::npos && name.find('.') == std::string_view::npos) {
      distance = std::min(distance, edit_distance(name, candidate.substr(dot + 1)) + 1);
    }
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace orrery
