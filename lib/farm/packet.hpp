/// Values and texts one after the other as bytes, for messages between ranks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace orrery {

class PacketWriter {
public:
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void put(const T& value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    data_.insert(data_.end(), bytes.begin(), bytes.end());
  }
  void put_bytes(std::span<const std::byte> bytes) {
    put(static_cast<std::uint64_t>(bytes.size()));
    data_.insert(data_.end(), bytes.begin(), bytes.end());
  }

  bool empty() const { return data_.empty(); }
  /// What was put so far; the writer is empty then.
  std::vector<std::byte> take() { return std::exchange(data_, {}); }

private:
  std::vector<std::byte> data_;
};

/// Reads in the order of writing. The bytes must outlive the reader.
class PacketReader {
public:
  explicit PacketReader(std::span<const std::byte> data) : data_(data) {}

  bool at_end() const { return data_.empty(); }

  template <class T>
  requires std::is_trivially_copyable_v<T> T get() {
    T value{};
    const auto bytes = next(sizeof value);
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }
  std::span<const std::byte> get_bytes() { return next(get<std::uint64_t>()); }

private:
  std::span<const std::byte> next(std::uint64_t size) {
    ensure(size <= data_.size(), "a message holds what it says");
    const auto bytes = data_.first(size);
    data_ = data_.subspan(size);
    return bytes;
  }

  std::span<const std::byte> data_;
};

/// A value as a task's result.
template <class T>
requires std::is_trivially_copyable_v<T> std::vector<std::byte> bytes_of(const T& value) {
  const auto bytes = std::as_bytes(std::span(&value, 1));
  return {bytes.begin(), bytes.end()};
}

/// The value that `bytes_of` made bytes of. @throws Error (internal) when there are more or fewer
template <class T>
requires std::is_trivially_copyable_v<T> T value_of(std::span<const std::byte> bytes) {
  ensure(bytes.size() == sizeof(T), "a result has the size of its type");
  return PacketReader(bytes).get<T>();
}

inline std::vector<std::byte> bytes_of_text(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline std::string text_of(std::span<const std::byte> bytes) {
  std::string text(bytes.size(), '\0');
  if (!bytes.empty()) std::memcpy(text.data(), bytes.data(), bytes.size());
  return text;
}

}  // namespace orrery
