/// Text from strangers, be it of files, of their names or of arguments, fit for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace orrery {

/// Bytes of the character that begins the text, if that is one of UTF-8 which may be shown as it is; else 0.
/// Not to be shown are control characters (of ASCII, line ends and tabs included, and of Unicode), and those
/// that part lines or turn the direction of writing, by which a text can pass for another.
std::size_t shown_length(std::string_view text);

/// How long the character that begins the text is or would be, by its first byte: 1 to 4 bytes. 1 as well
/// where no character begins so.
std::size_t announced_length(char first);

/// The text with "?" for every character that may not be shown but line ends and tabs, so that a file cannot
/// steer the terminal, and for every byte that is not part of UTF-8.
std::string printable(std::string_view text);

}  // namespace orrery
