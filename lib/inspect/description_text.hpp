/// What a trajectory file says of itself, for people.
#pragma once

#include <iosfwd>

#include "io/trajectory_description.hpp"

namespace orrery {

/// Prints all of it but the problems.
void print_description(std::ostream& out, const TrajectoryDescription& description);

/// "float64" and the like.
std::string element_text(ElementType type);

/// "[3] float64" for three doubles a particle.
std::string type_text(const StoredField& field);

/// "3 of 11 planned frames are complete: ..." in a few words.
std::string completeness_text(const TrajectoryDescription& description);

}  // namespace orrery
