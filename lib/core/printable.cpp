#include "core/printable.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace orrery {
namespace {

unsigned char at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

/// A character of UTF-8 and its length; length 0 where there is none, as in overlong forms, surrogates and
/// what lies beyond Unicode.
struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;
};

Character character_of(std::string_view text) {
  // The least code that needs so many bytes.
  static constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const unsigned char lead = at(text, 0);
  const std::size_t length = announced_length(text[0]);
  if (length == 1) return lead < 0x80 ? Character{lead, 1} : Character{};
  if (length > text.size()) return {};
  std::uint32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t index = 1; index < length; ++index) {
    if ((at(text, index) & 0xC0) != 0x80) return {};
    code = (code << 6) | (at(text, index) & 0x3FU);
  }
  const bool is_surrogate = code >= 0xD800 && code < 0xE000;
  if (code < least[length] || code > 0x10FFFF || is_surrogate) return {};
  return {code, length};
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

/// Unicode Standard Annex 9, section 2: characters that set the direction of what follows; and those that
/// part lines and paragraphs.
bool moves_text(std::uint32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::size_t announced_length(char first) {
  const auto lead = static_cast<unsigned char>(first);
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 1;
}

std::size_t shown_length(std::string_view text) {
  if (text.empty()) return 0;
  const Character character = character_of(text);
  return is_control(character.code) || moves_text(character.code) ? 0 : character.length;
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const bool is_shown = text[0] == '\n' || text[0] == '\t' || shown_length(text) > 0;
    const auto character = text.substr(0, std::max<std::size_t>(character_of(text).length, 1));
    if (is_shown) {
      result += character;
    } else {
      result += '?';
    }
    text.remove_prefix(character.size());
  }
  return result;
}

}  // namespace orrery
