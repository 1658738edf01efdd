/// The text of an XDMF sidecar: XML that says where ParaView finds a trajectory's particles, frame by frame.
///
/// It is written for the "XDMF Reader" of ParaView and VTK (XDMF 2), the only one that reads a frame out of a
/// data set of all frames; docs/file_format.md has the reasons.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "io/trajectory_description.hpp"

namespace orrery {

/// Where the sidecar of a trajectory goes: `run.xdmf2` beside `run.h5md`.
std::string xdmf_path_of(const std::string& trajectory);

/// Why the format cannot name a file or a data set; empty where it can.
/// @param name  as it stands in the sidecar: relative to it
std::string xdmf_name_problem(const std::string& name);

/// The three parts of a sidecar: `opening`, a `frame` for each frame, `closing`. A frame's part depends on no
/// other frame, so that a text can grow: the closing is written over.
///
/// All are pure. Of the description they use group, particles, axes, quantities and columns. Left out is what
/// has no row for each particle, is no plain numbers, or has a name that the format cannot hold.
/// @param name   of the trajectory's file, relative to the sidecar; @pre it has no problem
/// @param count  frames in the text
std::string xdmf_opening(const TrajectoryDescription& trajectory);
std::string xdmf_frame(const TrajectoryDescription& trajectory, const std::string& name, std::int64_t frame,
                       std::int64_t step, double time);
std::string xdmf_closing(std::int64_t count);

/// A whole text. @param steps, times  of the frames to name, from the first
std::string xdmf_text(const TrajectoryDescription& trajectory, const std::string& name,
                      std::span<const std::int64_t> steps, std::span<const double> times);

}  // namespace orrery
