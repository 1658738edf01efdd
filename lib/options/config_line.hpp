/// A line of a configuration file, and how a value is written so that it reads back as it is.
#pragma once

#include <string>
#include <string_view>

namespace orrery {

struct ConfigLine {
  enum class Kind { blank, section, setting };
  Kind kind = Kind::blank;
  std::string name{};   ///< of the section, or of the key
  std::string value{};  ///< of a setting
};

/// Reads a line. `#` begins a comment. A value stands as it is, without the blanks around it; or between
/// double quotes, where # and blanks are part of it, and \" \\ \n \r \t \xHH stand for a quote, a backslash,
/// a line feed, a carriage return, a tab, and the byte of that hexadecimal number.
/// @throws Error (configuration) saying what is wrong with it, without its place
ConfigLine read_config_line(std::string_view line);

/// The text that stands for a value: the value, if a line would give it back, and a reader sees no more or
/// less of it than there is; else in quotes.
std::string config_value(std::string_view value);

}  // namespace orrery
