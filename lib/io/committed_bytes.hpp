/// The bytes of a file that changes from one whole state to the next.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>

namespace orrery {

/// What stands in the file when `commit` returns stays as it is until the next one: new bytes go behind it,
/// and changes of it are held back in memory, by pages. So who reads meanwhile sees the last state, and so
/// does everybody when the program ends or a write fails.
///
/// Before the first commit everything goes to the file. Used by one thread. Nothing throws, since callers are
/// called by C; functions return errno, or 0.
class CommittedBytes {
public:
  /// @param descriptor  of an empty file, open for reading and writing; stays the caller's
  explicit CommittedBytes(int descriptor) : descriptor_(descriptor) {}

  int descriptor() const { return descriptor_; }
  std::uint64_t size() const { return size_; }

  /// Beyond the end there are zeros.
  int read(std::uint64_t at, std::span<std::byte> bytes) const;
  /// ESTALE: another process has cut the file.
  int write(std::uint64_t at, std::span<const std::byte> bytes);
  /// Cuts or lengthens what is not committed.
  int resize(std::uint64_t size);

  /// Brings what was held back to the file, the page of `last` after all others. Where that fails, what was
  /// brought is taken back, as far as the system lets us. Fails if anything failed since the last time: the
  /// caller between may have kept that to itself.
  int commit(std::uint64_t last);

  /// Lengthens the file beyond what is written, by a hole, unless a limit on its size is in the way. A reader
  /// looks first how long the file is and then how long it should be; if the next state came in between, it
  /// would take it for a cut one.
  /// ESTALE: another process has cut the file.
  int lead(std::uint64_t bytes);

  /// From now on nothing more reaches the file: for a library that still has to be let go of it.
  void freeze();
  /// After `freeze` or the last `commit`: takes away what lies behind the last state.
  int restore() const;

private:
  static constexpr std::uint64_t page_bytes = 4096;
  using Page = std::array<std::byte, page_bytes>;

  /// Up to where bytes are held back.
  std::uint64_t held_end() const { return is_frozen_ ? ~std::uint64_t{0} : committed_; }
  int read_file(std::uint64_t at, std::span<std::byte> bytes) const;
  int check_end() const;
  int noted(int error);
  int hold(std::uint64_t at, std::span<const std::byte> bytes);

  int descriptor_;
  std::uint64_t size_ = 0;
  std::uint64_t end_ = 0;        ///< of what has reached the file
  std::uint64_t lead_ = 0;       ///< to where the file was lengthened
  std::uint64_t committed_ = 0;  ///< size of the last state
  int error_ = 0;                ///< the first since the last state
  bool is_frozen_ = false;
  std::map<std::uint64_t, Page> held_;  ///< by number
};

}  // namespace orrery
