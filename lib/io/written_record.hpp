/// What a trajectory says of its frames, read back when it is finished.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "io/checksum.hpp"
#include "io/frame_layout.hpp"

namespace orrery {

/// Remembers what was written, in a few bytes however many frames there are.
class WrittenRecord {
public:
  WrittenRecord(const FrameLayout& layout, std::int64_t particles) : layout_(layout), particles_(particles) {}

  /// @param checksums  the frame's row of /run/checksums/frames
  void add_frame(std::int64_t step, double time, std::span<const std::uint64_t> checksums);

  /// Opens the file anew and compares: the number of frames, all steps, times and checksums, the shapes and
  /// indices of the columns, and the columns of the last frame where they are not large. Local.
  /// @throws Error (output)
  void check(const std::string& path) const;

private:
  void compare(const std::string& path) const;

  FrameLayout layout_;
  std::int64_t particles_;
  std::int64_t frames_ = 0;
  Checksum steps_, times_, rows_;
  std::vector<std::uint64_t> last_row_;
};

}  // namespace orrery
