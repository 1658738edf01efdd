#include "particles/mixture.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace orrery {

Mixture::Mixture(std::uint64_t seed, std::int64_t count, std::span<const double> shares)
    : order_(seed, Purpose::species, static_cast<std::uint64_t>(std::max<std::int64_t>(count, 1))) {
  double all = 0.0;
  for (const double share : shares) all += share;
  ensure(all > 0.0, "shares of something");
  begin_.push_back(0);
  double sum = 0.0;
  for (std::size_t species = 0; species < shares.size(); ++species) {
    sum += shares[species];
    const bool is_last = species + 1 == shares.size();
    begin_.push_back(is_last ? count : std::llround(static_cast<double>(count) * (sum / all)));
  }
}

std::int64_t Mixture::count_of(std::size_t species) const {
  return begin_[species + 1] - begin_[species];
}

SpeciesPlace Mixture::place_of(ParticleId id) const {
  const auto place = static_cast<std::int64_t>(order_(orrery::number(id)));
  const auto next = std::upper_bound(begin_.begin(), begin_.end(), place);
  return {.species = static_cast<std::int32_t>(next - begin_.begin()) - 1, .number = place - *(next - 1)};
}

}  // namespace orrery
