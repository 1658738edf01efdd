/// Files that are to be read: what may be one, and whether it is still the same one later.
#pragma once

#include <cstdint>
#include <string>

namespace orrery {

/// What tells a file from another, and from itself after a change.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0;
  std::int64_t bytes = 0;
  std::int64_t seconds = 0, nanoseconds = 0;  ///< of the last change of its contents

  bool operator==(const FileIdentity&) const = default;
  /// Whether it is the same file, changed or not.
  bool is_same_file(const FileIdentity& other) const {
    return device == other.device && inode == other.inode;
  }
};

/// Pipes that may stand for a file: none, or those without a name that a shell makes, as in `<(command)`.
enum class Pipes { refused, unnamed };

/// Why a file cannot be read; empty where it can. Never waits: a named pipe, a device or a socket is not
/// opened.
std::string problem_of_input_file(const std::string& path, Pipes pipes = Pipes::refused);

/// @param what  the file in messages, such as "cannot read particles.file 'a.csv'"
/// @throws Error (input_data) "<what>: <problem>"
void check_input_file(const std::string& path, const std::string& what, Pipes pipes = Pipes::refused);

/// The identity of the file of a path, or of an open file. @throws Error (input_data) where it cannot be told
FileIdentity identity_of_file(const std::string& path);
FileIdentity identity_of_descriptor(int descriptor, const std::string& path);

}  // namespace orrery
