#include "inspect/printable.hpp"

#include <algorithm>

namespace orrery {
namespace {

unsigned char at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

/// Bytes of the character that begins the text; 0 when none does. Overlong forms and surrogates, which no
/// terminal acts on, pass.
std::size_t character_length(std::string_view text) {
  const unsigned char lead = at(text, 0);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  if (length > text.size()) return 0;
  for (std::size_t index = 1; index < length; ++index)
    if ((at(text, index) & 0xC0) != 0x80) return 0;
  return length;
}

bool is_control(std::string_view character) {
  const unsigned char lead = at(character, 0);
  if (character.size() == 1) return (lead < 32 && lead != '\n' && lead != '\t') || lead == 127;
  return lead == 0xC2 && at(character, 1) < 0xA0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const auto character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || is_control(character)) {
      result += '?';
    } else {
      result += character;
    }
    text.remove_prefix(character.size());
  }
  return result;
}

}  // namespace orrery
