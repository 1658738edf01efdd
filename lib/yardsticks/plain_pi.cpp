#include "yardsticks/plain_pi.hpp"

#include <random>

namespace orrery {

std::int64_t count_hits_plainly(std::uint64_t seed, std::int64_t samples) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> coordinate(-1.0, 1.0);
  std::int64_t hits = 0;
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    const double x = coordinate(engine);
    const double y = coordinate(engine);
    if (x * x + y * y < 1.0) ++hits;
  }
  return hits;
}

std::int64_t count_hits_by_hand(std::uint64_t seed, std::int64_t samples) {
  std::mt19937_64 engine(seed);
  const auto coordinate = [&engine] { return static_cast<double>(engine() >> 11U) * 0x1p-52 - 1.0; };
  std::int64_t hits = 0;
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    const double x = coordinate();
    const double y = coordinate();
    if (x * x + y * y < 1.0) ++hits;
  }
  return hits;
}

}  // namespace orrery
