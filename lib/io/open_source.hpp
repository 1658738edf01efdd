/// The particles that the options ask for.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "laws/law.hpp"
#include "particles/particle_options.hpp"
#include "particles/particle_source.hpp"

namespace orrery {

/// Opens the file of `options` and checks all of it. One rank; local.
/// @pre options.source is `SourceKind::file`
/// @throws Error (input_data) naming file and line or data set
std::unique_ptr<ParticleSource> open_file_source(const ParticleOptions& options, int axes,
                                                 std::span<const ParameterColumn> parameters);

/// Whether an H5MD file tells the species of its particles; false for other files. One rank; local.
bool tells_species(const std::string& file);

}  // namespace orrery
