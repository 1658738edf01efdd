/// What a run of particles that act on each other will take, told before it begins.
#pragma once

#include <cstdint>

#include "laws/pair_law.hpp"
#include "particles/box.hpp"
#include "shortrange/pair_precision.hpp"

namespace orrery {

/// Of the rank that has most, where particles are spread evenly over the box.
struct PairEstimate {
  double neighbours = 0.0;  ///< of a particle, within the reach of lists
  double particles = 0.0;
  double images = 0.0;      ///< of particles of other ranks, and of other periods of the box
  std::uint64_t bytes = 0;  ///< of the motion and of frames, beside what particles begin with
};

/// Local.
/// @param reach      of the lists [length]
/// @param particles  of all ranks
/// @param threads    of a rank
PairEstimate estimate_pairs(const Box& box, double reach, std::int64_t particles, int ranks, int threads,
                            PairPrecision precision = PairPrecision::full);

/// What motion takes on the rank that has most particles where these do not act on each other [bytes], and
/// what fields take beside. Local. @param particles  of all ranks
std::uint64_t bytes_without_pairs(std::int64_t particles, int ranks);
std::uint64_t bytes_in_fields(std::int64_t particles, int ranks);

/// Refuses what could not go beyond the first lists: particles with more neighbours than forces can be summed
/// of, and ranks with more rows than lists can name.
/// @throws Error
void check_pairs(const PairEstimate& estimate, const PairLaw& law, const Box& box, double reach);

}  // namespace orrery
