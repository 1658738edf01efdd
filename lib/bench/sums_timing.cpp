#include "bench/sums_timing.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "bench/floating_pairs.hpp"
#include "core/aligned_vector.hpp"
#include "core/fixed_point.hpp"
#include "core/stopwatch.hpp"
#include "shortrange/pair_kernels.hpp"

namespace orrery {
namespace {

constexpr double wanted_seconds = 0.5;
constexpr double least_turns = 5.0;
constexpr double most_turns = 51.0;

template <class Pass>
double seconds_of(const Pass& pass) {
  const Stopwatch watch;
  pass();
  return watch.seconds();
}

}  // namespace

SumsTiming time_sums(const LennardJonesLaw& law, const PairRows& rows, const NeighbourLists& lists) {
  const std::size_t numbers = PairRows::width * (rows.first_image() + rows.mirrored());
  AlignedVector<std::int64_t> exact_force(numbers);
  AlignedVector<double> floating_force(numbers);
  const PairJob exact_job{.position = rows.position(0),
                          .force = exact_force.data(),
                          .constants = law.constants(),
                          .force_unit = FixedPoint::for_terms_up_to(law.force_bound()),
                          .energy_unit = {}};
  const FloatingPairJob floating_job{.position = rows.position(0),
                                     .force = floating_force.data(),
                                     .constants = law.constants(),
                                     .force_unit = {},
                                     .energy_unit = {}};
  const PairKernels kernels = pair_kernels(law.name(), law.method_index());
  const NeighbourSlice slice = lists.slice(0);
  const auto exact = [&] {
    std::fill(exact_force.begin(), exact_force.end(), 0);
    kernels.forces(exact_job, slice);
  };
  const auto floating = [&] {
    std::fill(floating_force.begin(), floating_force.end(), 0.0);
    add_floating_forces(floating_job, slice);
  };

  seconds_of(exact);  // pages are touched here
  seconds_of(floating);
  const double turn = seconds_of(exact) + seconds_of(floating);
  const double turns = std::clamp(std::round(wanted_seconds / turn), least_turns, most_turns);
  SumsTiming timing{.turns = static_cast<int>(turns)};
  std::vector<double> exact_seconds, floating_seconds, ratios;
  for (int i = 0; i < timing.turns; ++i) {
    const bool exact_first = i % 2 == 0;
    if (exact_first) exact_seconds.push_back(seconds_of(exact));
    floating_seconds.push_back(seconds_of(floating));
    if (!exact_first) exact_seconds.push_back(seconds_of(exact));
    ratios.push_back(exact_seconds.back() / floating_seconds.back());
  }
  const double unit = 1e9 / static_cast<double>(rows.owned());
  timing.exact_ns = unit * spread_of(exact_seconds).median;
  timing.floating_ns = unit * spread_of(floating_seconds).median;
  timing.ratio = spread_of(ratios);
  return timing;
}

}  // namespace orrery
