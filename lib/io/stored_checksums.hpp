/// Whether what a trajectory holds still has the checksums that it carries.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "io/trajectory_reader.hpp"

namespace orrery {

/// The checksum of a frame's single numbers as the file has them: step, time, edges of the box, diagnostics.
std::uint64_t checksum_of_numbers(const TrajectoryReader& file, std::int64_t frame);

/// What does not have its checksum, or is missing, among a frame's quantities and numbers, or among what is
/// the same for all frames; empty where all is well. Reads all of it. Local.
/// @pre description().has_checksums
/// @param alive  called now and then
/// @throws Error (input_data) where something cannot be read at all
std::vector<std::string> mismatches_of_frame(const TrajectoryReader& file, std::int64_t frame,
                                             const std::function<void()>& alive);
std::vector<std::string> mismatches_of_constants(const TrajectoryReader& file,
                                                 const std::function<void()>& alive);

}  // namespace orrery
