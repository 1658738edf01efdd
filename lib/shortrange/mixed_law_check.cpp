#include "shortrange/mixed_law_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "core/error.hpp"
#include "core/fixed_point.hpp"
#include "core/number_text.hpp"
#include "shortrange/mixed_probe.hpp"
#include "shortrange/pair_probe.hpp"

namespace orrery {
namespace {

constexpr double first_share = 1.0 - 1.0 / 300.0;
constexpr double next_share = 0.93;
constexpr double last_share = 0x1p-20;
/// Down to here, as a share of the cut-off, every pair must be below the bound.
constexpr double ordinary_share = 0.75;
constexpr double tolerance = 1e-3;
constexpr double tolerated_units = 4.0;

/// Positions with as many bits as they have in a small box.
FixedPoint fine_grid(double cutoff) {
  constexpr int cutoff_bits = 28;
  int exponent = 0;
  std::frexp(cutoff, &exponent);  // which is below 2^exponent
  return {cutoff_bits - exponent};
}

}  // namespace

void check_mixed_law(const PairLaw& law) {
  const double cutoff = law.constants().cutoff;
  const auto fail = [&](const std::string& problem) {
    throw Error(ExitCode::configuration, "law " + std::string(law.name()) + " " + problem +
                                             "; use run.precision double, or other values in the section " +
                                             std::string(law.name()));
  };
  const FixedPoint grid = fine_grid(cutoff);
  MixedProbe single(law, grid);
  PairProbe full(law);
  for (double share = first_share; share > last_share; share *= next_share) {
    const double distance = share * cutoff;
    const auto found = single.force(static_cast<std::int32_t>(std::lrint(distance * grid.scale())));
    const std::string at = " at distance " + to_text(distance);
    if (!found) {
      if (share > ordinary_share) fail("has a force" + at + " that is too large for single precision");
      return;
    }
    const double expected = full.force(distance);
    // Where the force goes through 0, it is as exact as it is nearby.
    const double scale = std::max({std::abs(expected), std::abs(full.force(0.95 * distance)),
                                   std::abs(full.force(std::min(1.05, 1.0 / share) * distance))});
    const double error = std::abs(*found - expected);
    if (error <= tolerance * scale || error <= tolerated_units * single.force_unit()) continue;
    fail("has a force of " + to_text(expected) + at + ", of which single precision makes " + to_text(*found));
  }
}

}  // namespace orrery
