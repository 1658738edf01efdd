/// The value of pi by chance as anybody would write it, to compare with.
#pragma once

#include <cstdint>

namespace orrery {

/// Hits of the unit circle among points uniform in (-1, 1)^2, by a plain loop over `std::mt19937_64` and
/// `std::uniform_real_distribution`. One thread. Local.
std::int64_t count_hits_plainly(std::uint64_t seed, std::int64_t samples);

/// The same with coordinates made of the engine's leading 53 bits by hand, which is faster: the distribution
/// of the standard library works in extended precision.
std::int64_t count_hits_by_hand(std::uint64_t seed, std::int64_t samples);

}  // namespace orrery
