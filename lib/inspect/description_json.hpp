/// What a trajectory file says of itself, for programs: one JSON object.
#pragma once

#include <string>
#include <vector>

#include "inspect/verification.hpp"
#include "io/trajectory_description.hpp"

namespace orrery {

/// @param verification  null: the file was not verified
std::string json_of(const TrajectoryDescription& description, const Verification* verification);

/// The object for a file that could not be read: its name and the problem.
std::string json_of_failure(const std::string& file, const std::string& problem);

}  // namespace orrery
