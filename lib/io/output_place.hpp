/// Whether an output file can be written where it is wanted: asked before any work starts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace orrery {

/// What messages about an output file say: the defaults are those of a trajectory.
struct OutputWords {
  std::string option = "output.file";          ///< that names the file
  std::string overwrite = "output.overwrite";  ///< that lets it be replaced
  std::string less = "write fewer frames (output.every) or use output.precision single";
  std::string part = "the next frame";  ///< what room is reserved for
  std::string after = "make room and run on from the last frame";
};

/// Bytes that an unprivileged user may still write on the file system that holds (or will hold) `path`.
/// @throws Error (output)
std::uint64_t free_bytes_at(const std::string& path, const OutputWords& words = {});

/// Checks that `path` is free or may be replaced and is not being written by another run, that its directory
/// can be written, and that there is room. Leaves nothing behind.
/// @param bytes  expected size of the file
/// @param words  for messages
/// @throws Error (output) saying which it is and what to do
void check_output_place(const std::string& path, bool overwrite, std::uint64_t bytes,
                        const OutputWords& words = {});

/// Makes sure that an open file can grow by some bytes: reserves them where the file system can do that,
/// else looks whether they are free.
/// @param path  what messages call it
/// @param from  where it is going to grow; by default its end
/// @throws Error (output)
void reserve_room(int descriptor, const std::string& path, std::uint64_t bytes, const OutputWords& words = {},
                  std::optional<std::uint64_t> from = {});

}  // namespace orrery
