#include "shortrange/mixed_probe.hpp"

#include <algorithm>
#include <array>

#include "shortrange/mixed_rows.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

MixedProbe::MixedProbe(const PairLaw& law, FixedPoint grid)
    : kernels_(mixed_pair_kernels(law.name(), law.method_index())),
      force_unit_(mixed_force_unit(law.mixed_force_bound())),
      constants_(mixed_constants(law, grid)) {
  position_.assign(PairRows::width * 3, 0);
  std::fill(position_.end() - PairRows::width, position_.end(), mixed_nobody);
  velocity_.assign(PairRows::width * 3, 0.0F);
  force_.assign(PairRows::width, 0);
  neighbours_.assign(kernels_.lanes, PairRows::place(2));
  neighbours_.front() = PairRows::place(1);
}

std::optional<double> MixedProbe::force(std::int32_t distance) {
  position_[0] = distance;
  std::fill(force_.begin(), force_.end(), 0);
  const std::array<std::int64_t, 2> begin{0, static_cast<std::int64_t>(kernels_.lanes)};
  const std::int32_t two_sided = 0;
  const MixedPairJob job{.position = position_.data(),
                         .velocity = velocity_.data(),
                         .force = force_.data(),
                         .constants = constants_};
  const NeighbourSlice slice{
      .particles = {0, 1}, .begin = begin.data(), .two_sided = &two_sided, .neighbours = neighbours_.data()};
  if (!kernels_.forces(job, slice)) return std::nullopt;
  return force_unit_.value(force_[0]);
}

}  // namespace orrery
