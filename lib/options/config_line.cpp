#include "options/config_line.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/printable.hpp"

namespace orrery {
namespace {

/// Letters that stand for others behind a backslash.
constexpr std::string_view letters = "\"\\nrt";
constexpr std::string_view meanings = "\"\\\n\r\t";

[[noreturn]] void refuse(const std::string& problem) {
  throw Error(ExitCode::configuration, problem);
}

/// The beginning of a text, for messages.
std::string beginning_of(std::string_view text) {
  constexpr std::size_t most = 60;
  return text.size() <= most ? std::string(text) : std::string(text.substr(0, most)) + "...";
}

std::string_view without_comment(std::string_view text) {
  return trimmed(text.substr(0, text.find('#')));
}

std::optional<char> byte_of(std::string_view digits) {
  unsigned value = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 2 || status != std::errc{} || end != digits.data() + 2 || value == 0)
    return std::nullopt;
  return static_cast<char>(value);
}

/// Takes what stands for one byte off a text that begins with a backslash.
char take_escaped(std::string_view& text) {
  if (text.size() > 1 && text[1] == 'x') {
    const auto byte = byte_of(text.substr(2, 2));
    if (!byte) refuse("behind \\x there are two hexadecimal digits of a byte, not 00");
    text.remove_prefix(4);
    return *byte;
  }
  const auto letter = text.size() > 1 ? letters.find(text[1]) : std::string_view::npos;
  if (letter == std::string_view::npos)
    refuse(
        "between quotes a backslash begins one of \\\" \\\\ \\n \\r \\t \\xHH; write \\\\ for a backslash");
  text.remove_prefix(2);
  return meanings[letter];
}

/// @param text  begins with a quote
std::string quoted_value(std::string_view text) {
  const std::string_view all = text;
  std::string value;
  text.remove_prefix(1);
  while (!text.starts_with('"')) {
    if (text.empty())
      refuse("the value " + beginning_of(all) +
             " begins with a quote and lacks the one at its end (a value that is to "
             "begin with a quote is written in quotes, \"\\\"...\")");
    if (text.starts_with('\\')) {
      value += take_escaped(text);
    } else {
      value += text.front();
      text.remove_prefix(1);
    }
  }
  text.remove_prefix(1);
  if (!without_comment(text).empty())
    refuse("behind the quote that ends a value there is '" + beginning_of(trimmed(text)) +
           "' (a quote in a value is written \\\")");
  return value;
}

}  // namespace

ConfigLine read_config_line(std::string_view line) {
  if (line.find('\0') != std::string_view::npos)
    refuse("there is a byte of value 0 in the line, so this is no text, or text in UTF-16; save it as UTF-8");
  const std::string_view content = without_comment(line);
  if (content.empty()) return {};
  if (content.front() == '[') {
    if (content.back() != ']') refuse("a section is written [name]");
    return {ConfigLine::Kind::section, std::string(trimmed(content.substr(1, content.size() - 2)))};
  }
  const auto equals = content.find('=');
  const auto name = trimmed(content.substr(0, equals));
  if (equals == std::string_view::npos || name.empty())
    refuse("'" + beginning_of(content) + "' is neither [section] nor key = value");
  const auto written = trimmed(trimmed(line).substr(equals + 1));
  return {ConfigLine::Kind::setting, std::string(name),
          written.starts_with('"') ? quoted_value(written) : std::string(without_comment(written))};
}

std::string config_value(std::string_view value) {
  std::string quoted = "\"";
  bool as_it_is = value == trimmed(value) && !value.starts_with('"');
  for (std::string_view rest = value; !rest.empty();) {
    const std::size_t shown = shown_length(rest);
    const auto letter = meanings.find(rest[0]);
    if (letter != std::string_view::npos) {
      quoted.append({'\\', letters[letter]});
    } else if (shown > 0) {
      quoted.append(rest.substr(0, shown));
    } else {
      constexpr std::string_view digits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(rest[0]);
      quoted.append({'\\', 'x', digits[byte >> 4U], digits[byte & 15U]});
    }
    as_it_is = as_it_is && shown > 0 && rest[0] != '#';
    rest.remove_prefix(std::max<std::size_t>(shown, 1));
  }
  return as_it_is ? std::string(value) : quoted + "\"";
}

}  // namespace orrery
