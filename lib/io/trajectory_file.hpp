/// The trajectory on disk: H5MD 1.1, one file, growing frame by frame. The schema is in docs/file_format.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/checksum_table.hpp"
#include "io/committed_bytes.hpp"
#include "io/file_witness.hpp"
#include "io/frame_layout.hpp"
#include "io/hdf5_handle.hpp"
#include "io/unfinished_file.hpp"
#include "io/unit_names.hpp"
#include "io/written_record.hpp"

namespace orrery {

class XdmfFile;

/// What a file says about itself, apart from frames.
struct TrajectoryInfo {
  std::int64_t particle_count = 0;
  std::array<double, 3> box_lengths{1.0, 1.0, 1.0};  ///< of a box along the axes [length]
  std::array<bool, 3> is_periodic{};                 ///< whether the box means anything along each axis
  std::array<double, 3> box_origin{};                ///< lower corner [length]
  /// What the ends of each axis do: `periodic`, `reflect` or `open`; empty where the box means nothing.
  std::vector<std::string> box_ends{};
  FrameLayout layout;
  UnitNames units{};                     ///< attributes `unit`
  std::vector<std::string> diagnostics;  ///< data sets under /diagnostics beside step and time
  std::int64_t planned_frames = 0;
  std::int64_t first_step = 0;  ///< steps of earlier runs that went before step 0
  std::string configuration;    ///< resolved, as text
  std::vector<std::pair<std::string, std::string>>
      provenance;  ///< attributes of /parameters: version, command line, ...
  std::uint64_t seed = 0;
  std::string sidecar = "";  ///< XDMF file to keep beside it; empty: none
  bool overwrite = true;     ///< whether both may take the place of files that are there
};

/// Where the time of a run went, rank by rank.
struct RunTiming {
  std::vector<std::string> phases;
  std::vector<double> seconds;  ///< [ranks][phases]
  double wall_seconds = 0.0;    ///< from the start of the run to the end of the last frame
};

/// Written by one thread of one rank. All calls are local and throw `Error` (output); a file on which a call
/// threw takes no more frames, but those it reported finished stay readable: between two frames the file is
/// one whole state, and stays as it was when the next one fails or the process ends.
///
/// It has its name from its first finished frame on; before, an older file of that name is still there.
/// Others may read it at any time. With every frame it is made sure that it is still the file that was
/// written.
class TrajectoryFile {
public:
  /// Makes the file, and the sidecar if one is wanted.
  TrajectoryFile(const std::string& path, const TrajectoryInfo& info);
  /// Without `close`: as `abandon`.
  ~TrajectoryFile();
  TrajectoryFile(TrajectoryFile&&) noexcept;

  /// Rows [first, first + count) of one of the layout's constant columns.
  void write_constant(std::size_t field, std::int64_t first, std::int64_t count, const std::byte* rows);

  /// Makes room for one more frame.
  void start_frame();
  /// Rows of one of the layout's per-frame columns, in the frame that was started.
  void write_rows(std::size_t field, std::int64_t first, std::int64_t count, const std::byte* rows);
  /// Completes the frame and hands it to the operating system: from here on it survives the end of this
  /// process. The sidecar names it after that.
  void finish_frame(const FrameHeader& header);

  /// Adds where the time went, once, after the last frame.
  void write_timing(const RunTiming& timing);

  std::int64_t finished_frames() const { return finished_frames_; }

  /// Closes the file and reads back what was told of all frames, reporting failure.
  void close();

  /// Leaves the file as the last finished frame left it, or removes it if there is none.
  void abandon();

  /// Estimated size of a whole file [bytes].
  static std::uint64_t estimated_bytes(std::int64_t particles, std::int64_t frames,
                                       const FrameLayout& layout);

private:
  std::vector<Hdf5Handle*> handles();
  void write_units(hid_t h5md, const UnitNames& units) const;
  void write_header(const FrameHeader& header);
  void flush() const;
  std::uint64_t bytes_of_frame() const;
  void commit();
  template <class Action>
  void explained(const Action& action) const;

  std::string path_;
  FrameLayout layout_;
  std::int64_t particle_count_;
  std::array<double, 3> box_lengths_;
  std::int64_t finished_frames_ = 0;
  std::uint64_t count_place_ = 0;  ///< of `valid_frames` in the file [bytes]
  std::unique_ptr<XdmfFile> sidecar_;
  std::unique_ptr<UnfinishedFile> place_;
  std::unique_ptr<CommittedBytes> bytes_;
  FileWitness witness_;
  WrittenRecord record_;
  // Closed in reverse order: the file last.
  Hdf5Handle file_;
  std::vector<Hdf5Handle> constant_;
  std::vector<Hdf5Handle> per_frame_;
  std::vector<Hdf5Handle> diagnostics_;
  std::vector<std::size_t> diagnostics_by_name_;
  std::optional<ChecksumTable> checksums_;
  Hdf5Handle step_, time_, edges_, diagnostic_step_, diagnostic_time_, valid_frames_;
};

}  // namespace orrery
