/// Random points of a square, and how many of them lie in the circle: counted exactly, many at once.
#pragma once

#include <cstdint>
#include <string>

#include "core/types.hpp"

namespace orrery {

/// Of the samples [begin, end) of a seed, those that hit the circle of radius 1 about the centre of the
/// square
/// (-1, 1)^2.
///
/// Sample i has two of the four 32-bit words of Philox4x32-10 with the seed as the key and (i / 2, 0, 0x7069)
/// as the counter: the first two where i is even. A word w stands for a coordinate of magnitude (w | 1) /
/// 2^32, evenly spread over (0, 1), the lowest bit being its sign. The sample is a hit if the squares add up
/// to less than 1; this is decided in whole numbers. Whichever rank counts which samples, with whatever
/// vectors: the hits are the same.
///
/// The expected share of hits is pi/4 up to the raggedness of a circle on a grid of 2^-31, which is below
/// 1e-12.
///
/// Philox: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3,
/// SC11 (2011).
/// @pre 0 <= begin <= end <= 2^62
/// One thread. Local.
std::int64_t count_hits(std::uint64_t seed, Range samples);

/// Whether one sample is a hit, from Random123 itself.
bool is_hit(std::uint64_t seed, std::int64_t sample);

/// What vector instructions `count_hits` uses, such as "AVX2".
std::string pi_instruction_set();

}  // namespace orrery
