/// The box that a run from a particle file begins with, from what options and file say of it.
#pragma once

#include <string>

#include "particles/box.hpp"
#include "particles/stored_start.hpp"

namespace orrery {

/// Brings together what is told of the box, see `BoxFrom`. What the file does not tell counts as not set.
///
/// H5MD's `none` does not tell walls from open sides: where nothing else does either, the run is refused.
/// @param file    its name, for messages
/// @param stored  nullptr where the file tells no box
/// @throws OptionConflict where both contradict each other beyond the rounding of single precision, or leave
/// the box open
Box box_of_file(const BoxOptions& options, const std::string& file, const StoredBox* stored);

}  // namespace orrery
