/// The box that a run begins with, from what its options say of box and particles.
#pragma once

#include "particles/box.hpp"
#include "particles/particle_options.hpp"

namespace orrery {

/// Works out the box.
///
/// - lattice: unit cells times the edge of a cell, which follows from `particles.density`; or `box.lengths`,
/// which
///   then set it. Axes are those of the lattice.
/// - random, file, uniform: `box.lengths`; two numbers are the plane, one or three are space.
///
/// @throws OptionConflict where the options contradict each other or leave the box open
Box box_of(const ParticleOptions& particles, const BoxOptions& box);

}  // namespace orrery
