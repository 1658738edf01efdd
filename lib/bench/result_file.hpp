/// A file for results that take long to get: whether it can be written is known before.
#pragma once

#include <fstream>
#include <string>

namespace orrery {

/// Used by one rank.
class ResultFile {
public:
  /// Makes the file where there is none; what an existing one holds stays until `write`.
  /// @throws Error (output)
  explicit ResultFile(const std::string& path);

  /// Makes `text` the contents of the file. @throws Error (output)
  void write(const std::string& text);

private:
  std::string path_;
  std::ofstream stream_;
};

}  // namespace orrery
