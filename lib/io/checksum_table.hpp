/// The checksums that a trajectory carries: `/run/checksums`, see docs/file_format.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/checksum.hpp"
#include "io/frame_layout.hpp"
#include "io/hdf5_handle.hpp"

namespace orrery {

/// Takes in everything that is written and adds a row of checksums for every frame. Local; throws
/// `Hdf5Error`.
class ChecksumTable {
public:
  /// Makes the tables below an open group of the file.
  /// @param configuration  the text of /parameters/config
  ChecksumTable(hid_t run_group, const FrameLayout& layout, std::string_view configuration);

  /// Rows of a constant or a per-frame column, in row order without gaps.
  void add_constant(std::size_t field, std::span<const std::byte> rows) { constant_[field].add(rows); }
  void add_rows(std::size_t field, std::span<const std::byte> rows) { per_frame_[field].add(rows); }
  /// Forgets the rows of a frame that was not finished, if any.
  void start_frame();
  /// @param numbers  checksum of the frame's single numbers
  void finish_frame(std::int64_t frame, std::uint64_t numbers, const std::string& what);

  /// What `finish_frame` wrote last.
  const std::vector<std::uint64_t>& last_row() const { return last_row_; }

  std::vector<Hdf5Handle*> handles() { return {&frames_, &constants_}; }

private:
  std::vector<Checksum> constant_;
  std::vector<Checksum> per_frame_;
  std::uint64_t configuration_;
  std::vector<std::uint64_t> last_row_;
  Hdf5Handle constants_;
  Hdf5Handle frames_;
};

}  // namespace orrery
