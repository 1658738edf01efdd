#include "shortrange/mixed_range.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "shortrange/pair_probe.hpp"

namespace orrery {
namespace {

constexpr double next_share = 0.995;

}  // namespace

double mixed_safe_distance(const PairLaw& law, FixedPoint grid) {
  MixedProbe pair(law, grid);
  const auto in_range = [&](double distance) {
    return pair.force(static_cast<std::int32_t>(std::lrint(distance))).has_value();
  };
  // The last two that were in range: a force that grows as two come closer is so from the first of them on,
  // and may pass its bound already between the second and the next.
  double before = std::numeric_limits<double>::infinity(), last = before;
  for (double distance = law.constants().cutoff * grid.scale(); distance >= 1.0; distance *= next_share) {
    if (!in_range(distance)) return before;
    before = last;
    last = distance;
  }
  return in_range(0.0) ? 0.0 : before;
}

}  // namespace orrery
