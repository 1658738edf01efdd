/// A text file for programs, written piece by piece.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "io/unfinished_file.hpp"

namespace orrery {

/// Used by one rank. Whatever was written is with the operating system when a call returns. A default-made
/// file is none, and takes nothing.
class TextFile {
public:
  TextFile() = default;
  /// Begins the file, as one that has not taken its name yet; an older one of that name stays until then.
  /// @param key  the option that names it, for messages; empty where none does
  /// @throws Error (output)
  TextFile(std::string key, const std::string& path);

  bool is_open() const { return file_ != nullptr; }

  /// A pipe that has lost its reader takes the rest without a word. @throws Error (output)
  void write(std::string_view text);

  /// Takes the name, in place of an older file. May be written on. @throws Error (output)
  void take_name();

private:
  std::unique_ptr<UnfinishedFile> file_;
  bool is_given_up_ = false;
};

}  // namespace orrery
