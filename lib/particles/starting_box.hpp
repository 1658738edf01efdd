/// The box that a run begins with, from what its options say of box and particles.
#pragma once

#include "particles/box.hpp"
#include "particles/particle_options.hpp"
#include "particles/stored_start.hpp"

namespace orrery {

/// Works out the box.
///
/// - lattice: unit cells times the edge of a cell, which follows from `particles.density`; or `box.lengths`,
/// which
///   then set it. Axes are those of the lattice.
/// - random, uniform: `box.lengths`; two numbers are the plane, one or three are space.
/// - file: likewise, and what the file tells of the box, see `box_of_file`.
///
/// @param stored  what the file tells; nullptr where it tells no box
/// @throws OptionConflict where the options contradict each other or leave the box open
Box box_of(const ParticleOptions& particles, const BoxOptions& box, const StoredBox* stored = nullptr);

}  // namespace orrery
