#include "core/option_set.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "core/number_text.hpp"

namespace orrery {
namespace {

bool within(double value, Limits limits) {
  return value >= limits.least && value <= limits.most && !(limits.above && value == limits.least);
}

std::string describe_limits(Limits limits) {
  const bool has_least = limits.least > -std::numeric_limits<double>::infinity();
  const bool has_most = limits.most < std::numeric_limits<double>::infinity();
  std::string text = "a number";
  if (has_least) text += (limits.above ? " above " : " from ") + to_text(limits.least);
  if (has_most) text += (has_least ? " up to " : " of at most ") + to_text(limits.most);
  return text;
}

/// The words in a text, parted by blanks or by one comma.
std::optional<std::vector<std::string>> parse_words(std::string_view text) {
  std::vector<std::string> words;
  text = trimmed(text);
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(", \t"), text.size());
    if (end == 0) return std::nullopt;
    words.emplace_back(text.substr(0, end));
    text = trimmed(text.substr(end));
    if (text.starts_with(',')) {
      text = trimmed(text.substr(1));
      if (text.empty()) return std::nullopt;
    }
  }
  return words;
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

/// The numbers in a text, parted by blanks or by one comma.
std::optional<std::vector<double>> parse_numbers(std::string_view text) {
  const auto words = parse_words(text);
  if (!words) return std::nullopt;
  std::vector<double> numbers;
  for (const auto& word : *words) {
    const auto number = parse_double(word);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

/// What one to three words stand for, by a function that gives nothing for a word that is not valid.
template <class Value>
std::optional<PerAxis<Value>> parse_per_axis(
    std::string_view text, const std::function<std::optional<Value>(const std::string&)>& parse) {
  const auto words = parse_words(text);
  if (!words || words->empty() || words->size() > 3) return std::nullopt;
  PerAxis<Value> parsed;
  parsed.given = static_cast<int>(words->size());
  for (std::size_t axis = 0; axis < words->size(); ++axis) {
    const auto value = parse((*words)[axis]);
    if (!value) return std::nullopt;
    parsed.values[axis] = *value;
  }
  return parsed.given == 1 ? PerAxis<Value>::all(parsed[0]) : parsed;
}

template <class Value>
std::string per_axis_text(const PerAxis<Value>& field, const std::function<std::string(Value)>& text_of) {
  std::string text;
  for (int axis = 0; axis < field.given; ++axis)
    text.append(axis == 0 ? "" : " ").append(text_of(field[axis]));
  return text;
}

/// One number for all axes, or one for each, all within limits; else nothing.
std::optional<PerAxis<double>> numbers_per_axis(std::string_view text, const Limits& limits) {
  return parse_per_axis<double>(text, [&limits](const std::string& word) {
    const auto number = parse_double(word);
    return number && within(*number, limits) ? number : std::nullopt;
  });
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
    if (!value || !within(*value, limits)) return false;
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

void OptionSet::add_seed(std::string_view key, std::uint64_t& field, const Described& described) {
  add(key, field, 0, std::numeric_limits<std::uint64_t>::max(), described);
  options_.back().is_seed = true;
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

void OptionSet::add_file(std::string_view key, std::string& field, FileUse use, const Described& described) {
  add(key, field, described);
  options_.back().file = use;
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

void OptionSet::add(std::string_view key, PerAxis<double>& field, Limits limits, const std::string& zero_name,
                    const Described& described) {
  Option option;
  option.key = key;
  option.accepts = describe_limits(limits) + " for all axes, or one per axis; or " + zero_name;
  option.tokens = 3;
  option.assign = [&field, limits, zero_name](std::string_view text) {
    const auto value = trimmed(text);
    if (value == zero_name || parse_double(value) == 0.0) {
      field = PerAxis<double>::all(0.0);
      return true;
    }
    const auto parsed = numbers_per_axis(text, limits);
    if (parsed) field = *parsed;
    return parsed.has_value();
  };
  option.text = [&field, zero_name] {
    if (field == PerAxis<double>::all(0.0)) return zero_name;
    return per_axis_text<double>(field, to_text);
  };
  add(std::move(option), described);
}

void OptionSet::add(std::string_view key, std::optional<PerAxis<double>>& field, Limits limits,
                    const std::string& no_name, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = describe_limits(limits) + " for all axes, or one per axis; or " + no_name;
  option.tokens = 3;
  option.assign = [&field, limits, no_name](std::string_view text) {
    if (trimmed(text) == no_name) {
      field.reset();
      return true;
    }
    const auto parsed = numbers_per_axis(text, limits);
    if (parsed) field = *parsed;
    return parsed.has_value();
  };
  option.text = [&field, no_name] { return field ? per_axis_text<double>(*field, to_text) : no_name; };
  add(std::move(option), described);
}

void OptionSet::add(std::string_view key, PerAxis<std::uint64_t>& field, std::uint64_t least,
                    std::uint64_t most, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = "a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                   " for all axes, or one per axis";
  option.tokens = 3;
  option.assign = [&field, least, most](std::string_view text) {
    const auto parsed = parse_per_axis<std::uint64_t>(text, [least, most](const std::string& word) {
      const auto count = parse_count(word);
      return count && *count >= least && *count <= most ? count : std::nullopt;
    });
    if (parsed) field = *parsed;
    return parsed.has_value();
  };
  option.text = [&field] {
    return per_axis_text<std::uint64_t>(field, [](std::uint64_t value) { return std::to_string(value); });
  };
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

void OptionSet::add(std::string_view key, std::vector<double>& field, Limits limits,
                    const std::string& empty_name, const Described& described) {
  Option option;
  option.key = key;
  option.accepts = "one or more, with commas between them: " + describe_limits(limits);
  if (!empty_name.empty()) option.accepts += "; or " + empty_name;
  option.assign = [&field, limits, empty_name](std::string_view text) {
    std::vector<double> values;
    if (empty_name.empty() || trimmed(text) != empty_name) {
      for (const auto& part : parts_between_commas(text)) {
        const auto value = parse_double(part);
        if (!value || !within(*value, limits)) return false;
        values.push_back(*value);
      }
    }
    field = values;
    return true;
  };
  option.text = [&field, empty_name] {
    std::vector<std::string> parts;
    parts.reserve(field.size());
    for (const double value : field) parts.push_back(to_text(value));
    return field.empty() ? empty_name : joined_by_commas(parts, ",");
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

void OptionSet::add_named_choices(std::string_view key, const std::vector<std::string>& names,
                                  std::function<void(const PerAxis<std::size_t>&)> select,
                                  const std::function<PerAxis<std::size_t>()>& selected,
                                  const Described& described) {
  Option option;
  option.key = key;
  option.accepts = joined_by_commas(names, ", ") + " for all axes, or one per axis with commas between them";
  option.assign = [names, select = std::move(select)](std::string_view text) {
    const auto parsed =
        parse_per_axis<std::size_t>(text, [&names](const std::string& word) -> std::optional<std::size_t> {
          const auto match = std::find(names.begin(), names.end(), word);
          if (match == names.end()) return std::nullopt;
          return static_cast<std::size_t>(match - names.begin());
        });
    if (parsed) select(*parsed);
    return parsed.has_value();
  };
  option.text = [names, selected] {
    return per_axis_text<std::size_t>(selected(), [&names](std::size_t index) { return names[index]; });
  };
  add(std::move(option), described);
}

const Option* OptionSet::find(std::string_view key) const {
  const auto match =
      std::find_if(options_.begin(), options_.end(), [key](const Option& o) { return o.key == key; });
  return match == options_.end() ? nullptr : &*match;
}

void OptionSet::renamed(std::string_view before, std::string_view key) {
  ensure(find(key) != nullptr, "a renamed option is declared");
  ensure(find(before) == nullptr && present_key(before) == before, "an option's earlier key is its own");
  renamed_.push_back({std::string(before), std::string(key)});
}

std::string OptionSet::present_key(std::string_view key) const {
  const auto match = std::find_if(renamed_.begin(), renamed_.end(),
                                  [key](const RenamedKey& each) { return each.before == key; });
  return match == renamed_.end() ? std::string(key) : match->key;
}

}  // namespace orrery
