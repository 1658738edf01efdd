/// A file for results that take long to get: whether it can be written is known before.
#pragma once

#include <string>

#include "observe/text_file.hpp"

namespace orrery {

/// Used by one rank.
class ResultFile {
public:
  /// Makes a file that has not taken its name yet; an older one of that name stays until `write`.
  /// @throws Error (output)
  explicit ResultFile(const std::string& path);

  /// Makes `text` the contents of the file, which then takes its name. Once. @throws Error (output)
  void write(const std::string& text);

private:
  TextFile file_;
};

}  // namespace orrery
