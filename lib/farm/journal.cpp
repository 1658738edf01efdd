#include "farm/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "core/number_text.hpp"

namespace orrery {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::size_t checksum_length = 8;

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit)
      remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? 0xEDB88320U : 0U);
    table[byte] = remainder;
  }
  return table;
}

void append_hex(std::string& text, unsigned value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) text += hex_digits[(value >> shift) & 15U];
}

std::string with_checksum(std::string_view line) {
  std::string text;
  append_hex(text, crc32(line), checksum_length);
  return (text += ' ').append(line) += '\n';
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (code >= 32 && letter != '%') {
      result += letter;
    } else {
      result += '%';
      append_hex(result, code, 2);
    }
  }
  return result;
}

std::optional<unsigned> hex_value(std::string_view text) {
  unsigned value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.empty() || status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto code = text[at] == '%' ? hex_value(text.substr(at + 1, 2)) : std::nullopt;
    result += code ? static_cast<char>(*code) : text[at];
    if (code) at += 2;
  }
  return result;
}

/// The text up to the next blank, which is taken off `text` together with the blank.
std::string_view next_word(std::string_view& text) {
  const auto blank = text.find(' ');
  const auto word = text.substr(0, blank);
  text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
  return word;
}

template <class Number>
std::optional<Number> next_number(std::string_view& text) {
  const auto word = next_word(text);
  Number value{};
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (word.empty() || status != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::optional<std::vector<std::byte>> bytes_from_hex(std::string_view text) {
  std::vector<std::byte> bytes;
  if (text == "-") return bytes;
  if (text.size() % 2 != 0) return std::nullopt;
  bytes.reserve(text.size() / 2);
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const auto value = hex_value(text.substr(at, 2));
    if (!value) return std::nullopt;
    bytes.push_back(static_cast<std::byte>(*value));
  }
  return bytes;
}

/// The line without its checksum, if that is right.
std::optional<std::string_view> checked(std::string_view line) {
  if (line.size() < checksum_length + 1 || line[checksum_length] != ' ') return std::nullopt;
  const auto rest = line.substr(checksum_length + 1);
  if (hex_value(line.substr(0, checksum_length)) != crc32(rest)) return std::nullopt;
  return rest;
}

std::string header(const std::string& identity, std::int64_t task_count) {
  return "orrery-farm 1 " + std::to_string(task_count) + " " + escaped(identity);
}

std::string whole_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
  throw Error(ExitCode::input_data, "journal '" + path + "' " + problem);
}

[[noreturn]] void cannot_write(const std::string& path, int error_number) {
  throw Error(ExitCode::output, "cannot write journal '" + path + "': " + system_message(error_number));
}

std::string hung_line(std::int64_t task, const Attempt& attempt) {
  return "hung " + std::to_string(task) + " " + std::to_string(attempt.rank) + " " + escaped(attempt.message);
}

}  // namespace

std::uint32_t crc32(std::string_view text) {
  static constexpr auto table = crc_table();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char letter : text) crc = table[(crc ^ static_cast<unsigned char>(letter)) & 255U] ^ (crc >> 8);
  return ~crc;
}

Journal::Journal(std::string path, const std::string& identity, std::int64_t task_count)
    : path_(std::move(path)),
      descriptor_(open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) cannot_write(path_, errno);
  try {
    struct stat status {};
    if (fstat(descriptor_, &status) == 0 && !S_ISREG(status.st_mode))
      refuse(path_, "is no regular file; choose another name");
    // Some file systems have no locks; the journal works there all the same.
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
      refuse(path_, "is in use by another run; wait for it, or choose another name");
    read(whole_file(path_), identity, task_count);
    flush();
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

Journal::~Journal() {
  if (descriptor_ >= 0) close(descriptor_);
}

Journal::Journal(Journal&& other) noexcept {
  *this = std::move(other);
}

Journal& Journal::operator=(Journal&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(pending_, other.pending_);
  std::swap(finished_, other.finished_);
  std::swap(hung_, other.hung_);
  std::swap(damaged_lines_, other.damaged_lines_);
  return *this;
}

void Journal::read(const std::string& text, const std::string& identity, std::int64_t task_count) {
  const std::string expected = header(identity, task_count);
  const std::string first_line = with_checksum(expected);
  // A killed run may have left nothing, or the beginning of the first line.
  if (text.size() < first_line.size() && first_line.starts_with(text)) {
    if (!text.empty()) pending_ += '\n';
    add_line(expected);
    return;
  }
  std::string_view rest = text;
  std::vector<char> seen(static_cast<std::size_t>(task_count));
  bool begun = false;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const auto content = checked(line);
    if (!begun && content && content->starts_with("orrery-farm ")) {
      if (*content != expected) {
        refuse(path_, "is that of other work (" + unescaped(*content) + "; this is " + unescaped(expected) +
                          "); choose another name, or remove it");
      }
      begun = true;
    } else if (begun && content) {
      read_line(*content, seen);
    } else if (begun || line.starts_with(first_line.substr(0, line.size()))) {
      if (!line.empty()) ++damaged_lines_;
    } else {
      refuse(path_, "begins like no journal; choose another name, or remove it");
    }
  }
  if (!text.ends_with('\n')) pending_ += '\n';
}

void Journal::read_line(std::string_view line, std::vector<char>& seen) {
  const auto kind = next_word(line);
  const auto task = next_number<std::int64_t>(line);
  if (!task || *task < 0 || *task >= std::ssize(seen)) {
    ++damaged_lines_;
    return;
  }
  if (kind == "done") {
    const auto attempts = next_number<int>(line);
    const auto seconds = next_number<double>(line);
    auto result = bytes_from_hex(line);
    char& known = seen[static_cast<std::size_t>(*task)];
    if (!attempts || !seconds || !result) {
      ++damaged_lines_;
    } else if (std::exchange(known, 1) == 0) {
      finished_.push_back({*task, *attempts, *seconds, std::move(*result)});
    }
  } else if (kind == "hung") {
    const auto rank = next_number<int>(line);
    hung_.push_back({*task, {rank.value_or(0), unescaped(line)}});
  }
}

std::vector<Journal::Finished> Journal::take_finished() {
  return std::exchange(finished_, {});
}

void Journal::add_line(std::string_view line) {
  if (descriptor_ >= 0) pending_ += with_checksum(line);
}

void Journal::add_done(std::int64_t task, int attempts, double seconds, std::span<const std::byte> result) {
  if (descriptor_ < 0) return;
  std::string line =
      "done " + std::to_string(task) + " " + std::to_string(attempts) + " " + to_text(seconds) + " ";
  if (result.empty()) line += '-';
  for (const std::byte byte : result) append_hex(line, std::to_integer<unsigned>(byte), 2);
  add_line(line);
}

void Journal::add_failed(std::int64_t task, const Attempt& attempt) {
  if (descriptor_ < 0) return;
  add_line("failed " + std::to_string(task) + " " + std::to_string(attempt.rank) + " " +
           escaped(attempt.message));
}

void Journal::flush() {
  std::string_view text = pending_;
  while (!text.empty()) {
    const ssize_t written = write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) cannot_write(path_, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  pending_.clear();
}

std::optional<std::string> Journal::identity_in(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string line;
  while (std::getline(stream, line) && !checked(line)) {
  }
  auto content = checked(line).value_or("");
  const bool is_first =
      next_word(content) == "orrery-farm" && next_word(content) == "1" && !next_word(content).empty();
  return is_first ? std::optional(unescaped(content)) : std::nullopt;
}

void Journal::note_hung(const std::string& path, std::int64_t task, const Attempt& attempt) noexcept {
  try {
    const int descriptor = open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor < 0) return;
    const std::string line = with_checksum(hung_line(task, attempt));
    static_cast<void>(!write(descriptor, line.data(), line.size()));
    close(descriptor);
  } catch (...) {
    // There is no caller left to tell.
  }
}

}  // namespace orrery
