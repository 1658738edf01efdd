/// Which species the particles are of that a generator makes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/types.hpp"
#include "particles/random_permutation.hpp"

namespace orrery {

/// A particle's species, and its number among the particles of this species.
struct SpeciesPlace {
  std::int32_t species = 0;
  std::int64_t number = 0;
};

/// Deals particles 0, ..., count - 1 out to species at random, exact numbers to each, as a pure function of
/// seed, count and shares: any rank works out the species of any particle.
///
/// With c_k the sum of the shares of the first k species, species k (from 0) gets round(count c_k+1) -
/// round(count c_k) particles, halves rounded up: these add up to the count, and each is less than one off
/// its share. It takes the places from the one to the other in a random order, see `RandomPermutation`.
class Mixture {
public:
  /// @param shares  of the species, from 0, one at least above; only their ratios matter
  Mixture(std::uint64_t seed, std::int64_t count, std::span<const double> shares);

  /// Particles of a species.
  std::int64_t count_of(std::size_t species) const;

  /// @pre id < count
  SpeciesPlace place_of(ParticleId id) const;

private:
  RandomPermutation order_;
  std::vector<std::int64_t> begin_;  // of each species' places, and the end; shape (species + 1)
};

}  // namespace orrery
