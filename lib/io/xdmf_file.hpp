/// The XDMF sidecar of a trajectory on disk: beside a file that grows, or of one that is there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "io/frame_layout.hpp"
#include "io/trajectory_description.hpp"
#include "io/trajectory_reader.hpp"
#include "io/unfinished_file.hpp"

namespace orrery {

/// What a trajectory that is yet to be written will say of its data sets; the rest of the description is
/// empty.
TrajectoryDescription description_of(const std::string& trajectory, std::int64_t particles,
                                     const FrameLayout& layout);

/// Grows with its trajectory. Used by the thread that writes that. Local; throws `Error` (output).
///
/// A frame is added by one write over the closing tags, and what stands before them never changes. A whole
/// new text moved there for every frame could not be read half old and half new, but would take time that
/// grows with the square of their number; so who reads the last bytes just then may have to read again. As
/// with the trajectory, what was written survives the end of the process, not a loss of power: nothing is
/// synced.
class XdmfFile {
public:
  /// Makes a sidecar that names no frame. It takes its name with the first, at once in place of a file of
  /// that name: before that, an older one still belongs to an older trajectory.
  /// @param trajectory  where its `file` is, the reader is told relative to `path`
  XdmfFile(const std::string& path, TrajectoryDescription trajectory, Replacing replacing = {});

  /// Names one more frame; @pre it is complete in the trajectory. Where there is no room for its text, the
  /// text without it stays. A sidecar that others have removed or replaced takes no more.
  void add_frame(std::int64_t step, double time);

  /// Gives a sidecar of no frame its name.
  void close();

  /// Estimated size of a whole sidecar [bytes].
  static std::uint64_t estimated_bytes(const TrajectoryDescription& trajectory, std::int64_t frames);

private:
  std::string path_;
  TrajectoryDescription trajectory_;
  std::string name_;  ///< of the trajectory, relative to the sidecar
  std::int64_t count_ = 0;
  std::int64_t end_ = 0;  ///< where the closing begins [bytes]
  UnfinishedFile place_;
};

/// Writes the sidecar of all valid frames of a trajectory, in one move: no reader sees half of it. Where the
/// file tells no times, steps stand for them.
/// @param overwrite  whether it may take the place of a file that is there
/// @throws Error (output) where it cannot be written, or where XDMF cannot describe the trajectory: by its
/// name, or because positions have a single axis
void write_xdmf(const TrajectoryReader& trajectory, const std::string& path, bool overwrite = false);

}  // namespace orrery
