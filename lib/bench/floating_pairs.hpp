/// Forces of Lennard-Jones as a run computes them, but for their sums, which are of floating-point numbers.
/// What they come to depends on the order of pairs, and so on lanes, threads and ranks: they are there to be
/// timed, and no run can use them. Compiled once per instruction set.
#pragma once

#include "shortrange/pair_kernels.hpp"

namespace orrery {

/// `force` has rows of four [mass length / time^2], of which the last number means nothing; units are not
/// used.
using FloatingPairJob = PairJobOf<double>;

/// Adds the forces between the particles of a slice and their neighbours. @pre the constants are those of
/// `LennardJonesLaw` with truncation `cut` or `shifted`, and lists are for the lanes of its kernels
void add_floating_forces(const FloatingPairJob& job, const NeighbourSlice& slice);

}  // namespace orrery
