/// A text file for programs, written piece by piece.
#pragma once

#include <string>
#include <string_view>

namespace orrery {

/// Used by one rank. Whatever was written is with the operating system when a call returns. A default-made
/// file is none, and takes nothing.
class TextFile {
public:
  TextFile() = default;
  /// Begins the file anew.
  /// @param key  the option that names it, for messages
  /// @throws Error (output)
  TextFile(std::string key, const std::string& path);
  ~TextFile();
  TextFile(TextFile&& other) noexcept;
  TextFile& operator=(TextFile&& other) noexcept;

  bool is_open() const { return descriptor_ >= 0; }

  /// A pipe that nobody reads any more is given up: from then on it takes nothing.
  /// @throws Error (output)
  void write(std::string_view text);

private:
  [[noreturn]] void refuse(int error_number) const;

  std::string key_;
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace orrery
