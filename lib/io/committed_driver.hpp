/// By which the HDF5 library writes to `CommittedBytes`.
#pragma once

#include <string>

#include "io/committed_bytes.hpp"
#include "io/hdf5_handle.hpp"

namespace orrery {

/// Makes an HDF5 file in an empty file, with the format versions that all our files have (H5F_LIBVER_V18 to
/// H5F_LIBVER_V110), without time stamps and without the library's locks. What the library flushes is held
/// back until `CommittedBytes::commit`. Local; throws `Hdf5Error` that begins with `what`.
/// @param bytes  outlives the file
/// @param name   of the file in the library's messages
Hdf5Handle create_committed_file(CommittedBytes& bytes, const std::string& name, const std::string& what);

}  // namespace orrery
