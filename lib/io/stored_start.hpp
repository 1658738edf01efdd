/// What an H5MD file tells beside its particles.
#pragma once

#include <string>

#include "particles/stored_start.hpp"

namespace orrery {

/// Of the last valid frame. One rank; local. @throws Error (input_data) that names file and data set
StoredStart stored_start_of(const std::string& path);

}  // namespace orrery
