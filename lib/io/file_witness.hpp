/// Whether a file that this program writes is still what it wrote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace orrery {

/// Remembers where a file stood, and tells when others have removed, replaced, cut or written over it. Costs
/// two calls of the system and a read of 4 KiB. Used by one thread.
class FileWitness {
public:
  /// @param descriptor  open for reading; stays the caller's
  FileWitness(std::string option, std::string path, int descriptor);

  /// Takes the file as it is now for what it has to be.
  void remember();

  /// @param place  where it is now, if not under its path
  /// @throws Error (output) saying what has become of it
  void check(const std::string& place) const;

private:
  std::vector<std::byte> beginning() const;

  std::string option_;
  std::string path_;
  int descriptor_;
  std::int64_t size_ = 0;
  std::vector<std::byte> beginning_;
};

}  // namespace orrery
