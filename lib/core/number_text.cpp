#include "core/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace orrery {

std::optional<double> parse_double(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0.0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (status == std::errc{} && end == text.data() + text.size()) return count;

  constexpr double exact_limit = 9007199254740992.0;  // 2^53: every whole number below is a double
  const auto value = parse_double(text);
  if (!value || *value < 0.0 || *value > exact_limit || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::string to_text(double value) {
  std::array<char, 32> buffer{};
  const auto [end, status] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end};
}

std::string bytes_text(double bytes) {
  static constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (bytes >= 1024.0 && unit + 1 < units.size()) {
    bytes /= 1024.0;
    ++unit;
  }
  std::array<char, 48> buffer{};
  std::snprintf(buffer.data(), buffer.size(), unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  return buffer.data();
}

std::string duration_text(double seconds) {
  std::array<char, 48> buffer{};
  const auto whole = std::llround(seconds);
  if (seconds < 1e-3) {
    std::snprintf(buffer.data(), buffer.size(), "%.0f us", seconds * 1e6);
  } else if (seconds < 1.0) {
    std::snprintf(buffer.data(), buffer.size(), "%.1f ms", seconds * 1e3);
  } else if (seconds < 100.0) {
    std::snprintf(buffer.data(), buffer.size(), "%.1f s", seconds);
  } else if (seconds < 3600.0) {
    std::snprintf(buffer.data(), buffer.size(), "%lld min %02lld s", whole / 60, whole % 60);
  } else {
    std::snprintf(buffer.data(), buffer.size(), "%lld h %02lld min", whole / 3600, whole / 60 % 60);
  }
  return buffer.data();
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace orrery
