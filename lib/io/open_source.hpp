/// The particles that the options ask for.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "io/row_reader.hpp"
#include "laws/law.hpp"
#include "particles/particle_options.hpp"
#include "particles/particle_source.hpp"

namespace orrery {

/// Opens the file of `options` and checks all of it; an HDF5 file in a child process first, as the library
/// may crash or hang on it. One rank; local.
/// @pre options.source is `SourceKind::file`
/// @throws Error (input_data) naming file and line or data set
std::unique_ptr<ParticleSource> open_file_source(const ParticleOptions& options, int axes,
                                                 std::span<const ParameterColumn> parameters);

/// Whether a file is taken for HDF5, by the ending of its name.
bool is_h5md_name(const std::string& file);

/// Points of a text file, a table or XYZ, in the order of the file. One rank; local.
/// @throws Error (input_data) naming file and line
std::unique_ptr<RowReader> open_points(const std::string& file);

/// What the file of `options` tells beside its particles: nothing for tables of numbers. One rank; local.
/// @throws Error (input_data) naming file and data set
StoredStart read_stored_start(const ParticleOptions& options);

}  // namespace orrery
