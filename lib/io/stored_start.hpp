/// What an H5MD file tells beside its particles.
#pragma once

#include <string>

#include "particles/stored_start.hpp"

namespace orrery {

/// Of the last valid frame, its box above all. A child process reads first what this one will. One rank;
/// local. @throws Error (input_data) that names file and data set
/// @param group  of particles, below /particles; empty: the only one
StoredStart stored_start_of(const std::string& path, const std::string& group);

}  // namespace orrery
