/// Text from files of strangers, fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace orrery {

/// The text with "?" for every control character but line ends and tabs, so that a file cannot steer the
/// terminal, and for every byte that is not part of UTF-8.
std::string printable(std::string_view text);

}  // namespace orrery
