/// Numbers from text and back, without loss and without locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orrery {

/// The finite number that the whole of `text` spells; nothing when it spells none, is out of range, or is not
/// finite.
std::optional<double> parse_double(std::string_view text);

/// The whole number that the whole of `text` spells, in decimal ("10000", or "1e6" where that is whole).
std::optional<std::uint64_t> parse_count(std::string_view text);

/// Shortest text that reads back as the same double.
std::string to_text(double value);

/// A size in bytes with a unit a person reads at a glance, such as "228.9 MiB".
std::string bytes_text(double bytes);

/// A duration with a unit a person reads at a glance, such as "3.2 ms", "14.2 s" or "2 h 05 min".
std::string duration_text(double seconds);

/// `text` without blanks at either end.
std::string_view trimmed(std::string_view text);

}  // namespace orrery
