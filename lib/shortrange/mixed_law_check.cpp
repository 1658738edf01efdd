#include "shortrange/mixed_law_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/aligned_vector.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "shortrange/mixed_pair_kernels.hpp"
#include "shortrange/mixed_rows.hpp"
#include "shortrange/pair_probe.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {
namespace {

constexpr double first_share = 1.0 - 1.0 / 300.0;
constexpr double next_share = 0.93;
constexpr double last_share = 0x1p-20;
/// Down to here, as a share of the cut-off, every pair must be below the bound.
constexpr double ordinary_share = 0.75;
constexpr double tolerance = 1e-3;
constexpr double tolerated_units = 4.0;

/// One pair in single precision.
class MixedProbe {
public:
  explicit MixedProbe(const PairLaw& law)
      : kernels_(mixed_pair_kernels(law.name(), law.method_index())),
        unit_(mixed_force_unit(law.mixed_force_bound())) {
    int exponent = 0;
    std::frexp(law.constants().cutoff, &exponent);  // which is below 2^exponent
    constexpr int cutoff_bits = 28;
    grid_ = {cutoff_bits - exponent};
    constants_ = mixed_constants(law, grid_);
    position_.assign(PairRows::width * 3, 0);
    std::fill(position_.end() - PairRows::width, position_.end(), mixed_nobody);
    velocity_.assign(PairRows::width * 3, 0.0F);
    force_.assign(PairRows::width, 0);
  }

  double unit() const { return unit_.unit(); }

  /// Force on each of two particles, above 0 if away from each other; nothing if it passes the bound.
  std::optional<double> force(double distance) {
    position_[0] = static_cast<std::int32_t>(std::lrint(distance * grid_.scale()));
    std::fill(force_.begin(), force_.end(), 0);
    std::vector<std::int32_t> neighbours(kernels_.lanes, PairRows::place(2));
    neighbours.front() = PairRows::place(1);
    const std::array<std::int64_t, 2> begin{0, static_cast<std::int64_t>(kernels_.lanes)};
    const std::int32_t two_sided = 0;
    const MixedPairJob job{.position = position_.data(),
                           .velocity = velocity_.data(),
                           .force = force_.data(),
                           .constants = constants_};
    const NeighbourSlice slice{
        .particles = {0, 1}, .begin = begin.data(), .two_sided = &two_sided, .neighbours = neighbours.data()};
    if (!kernels_.forces(job, slice)) return std::nullopt;
    return unit_.value(force_[0]);
  }

private:
  MixedPairKernels kernels_;
  FixedPoint unit_;
  FixedPoint grid_;
  PairConstants constants_;
  AlignedVector<std::int32_t> position_;  ///< of the two and of nobody
  AlignedVector<float> velocity_;         ///< the same: all are at rest
  AlignedVector<std::int64_t> force_;     ///< on the first
};

}  // namespace

void check_mixed_law(const PairLaw& law) {
  const double cutoff = law.constants().cutoff;
  const auto fail = [&](const std::string& problem) {
    throw Error(ExitCode::configuration, "law " + std::string(law.name()) + " " + problem +
                                             "; use run.precision double, or other values in the section " +
                                             std::string(law.name()));
  };
  MixedProbe single(law);
  PairProbe full(law);
  for (double share = first_share; share > last_share; share *= next_share) {
    const double distance = share * cutoff;
    const auto found = single.force(distance);
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
    if (error <= tolerance * scale || error <= tolerated_units * single.unit()) continue;
    fail("has a force of " + to_text(expected) + at + ", of which single precision makes " + to_text(*found));
  }
}

}  // namespace orrery
