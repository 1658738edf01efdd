#include "options/option_text.hpp"

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

}  // namespace

std::string help_text(const OptionSet& options) {
  std::string text;
  std::string section;
  for (const auto& option : options.options()) {
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
  for (const auto& option : options.options()) {
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
