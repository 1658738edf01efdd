#include "options/option_text.hpp"

#include <algorithm>
#include <vector>

#include "options/config_line.hpp"

namespace orrery {
namespace {

/// Empty for a key that belongs to none.
std::string section_of(const std::string& key) {
  const auto dot = key.find('.');
  return dot == std::string::npos ? "" : key.substr(0, dot);
}
std::string name_in_section(const std::string& key) {
  return key.substr(key.find('.') + 1);
}

/// A set's options, those of a section together, sections in the order of their first options.
std::vector<const Option*> by_section(const OptionSet& options) {
  std::vector<std::string> sections;
  for (const auto& option : options.options()) {
    if (std::find(sections.begin(), sections.end(), section_of(option.key)) == sections.end())
      sections.push_back(section_of(option.key));
  }
  std::vector<const Option*> sorted;
  for (const auto& section : sections) {
    for (const auto& option : options.options())
      if (section_of(option.key) == section) sorted.push_back(&option);
  }
  return sorted;
}

}  // namespace

std::string help_text(const OptionSet& options) {
  std::string text;
  std::string section;
  for (const Option* const each : by_section(options)) {
    const Option& option = *each;
    if (section_of(option.key) != section) {
      section = section_of(option.key);
      text += "\n[" + section + "]\n";
    }
    text += "  --" + option.key + "\n      " + option.help + "\n      " + option.accepts;
    if (!option.unit.empty()) text += " [" + option.unit + "]";
    text += "; default " + (option.default_text.empty() ? "none" : option.default_text) + "\n";
  }
  return text;
}

std::string config_text(const OptionSet& options, const std::set<std::string>& left_out) {
  std::string text;
  std::string section;
  for (const Option* const each : by_section(options)) {
    const Option& option = *each;
    if (left_out.contains(option.key)) continue;
    if (section_of(option.key) != section) {
      section = section_of(option.key);
      text += (text.empty() ? "[" : "\n[") + section + "]\n";
    }
    text += name_in_section(option.key) + " = " + config_value(option.text()) + "\n";
  }
  return text;
}

}  // namespace orrery
