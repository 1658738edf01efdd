/// A file of plain bytes, written in any order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "io/unfinished_file.hpp"

namespace orrery {

/// Everything throws `Error` (output) that names the file as the user did. Several processes and threads may
/// write different parts of one file.
class ByteFile {
public:
  /// An unfinished file of this process, or of another one that has said where it is.
  explicit ByteFile(const UnfinishedFile& file) : ByteFile(file.option(), file.path(), file.part_path()) {}
  /// @param option, path  what messages call it
  /// @param place         where it is
  ByteFile(std::string option, std::string path, const std::string& place);
  ~ByteFile();
  ByteFile(const ByteFile&) = delete;
  ByteFile& operator=(const ByteFile&) = delete;

  /// Makes the file so long, and takes the room for it now where the file system can do that.
  void reserve(std::uint64_t bytes) const;
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) const;
  /// Writes where the last `append` ended.
  void append(std::span<const std::byte> bytes);
  /// Closes now, and reports failure.
  void close();

private:
  [[noreturn]] void refuse(int error_number) const;

  std::string option_;
  std::string path_;
  int descriptor_ = -1;
  std::uint64_t end_ = 0;
};

/// Makes a text the contents of a file, in place of an older one at once. @throws Error (output)
/// @param option  that names the file, for messages; empty where none does
void write_file(const std::string& option, const std::string& path, std::string_view text,
                const Replacing& replacing = {});

}  // namespace orrery
