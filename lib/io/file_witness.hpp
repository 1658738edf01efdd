/// Whether a file that this program writes is still what it wrote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace orrery {

/// Remembers where a file stood, and tells when others have removed, replaced, cut or written over it. Costs
/// two calls of the system and a read of 4 KiB, where HDF5 has its superblock. Used by one thread.
class FileWitness {
public:
  /// @param descriptor  open for reading; stays the caller's
  FileWitness(std::string option, std::string path, int descriptor);

  /// As many bytes of the beginning are compared.
  static constexpr std::size_t most_beginning = 4096;

  /// Takes the file as it is now for what it has to be.
  void remember();

  /// The same, but for how it begins: so what others wrote a moment ago is not taken for ours.
  /// @param beginning  at most `most_beginning` bytes
  void remember(std::vector<std::byte> beginning);

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
