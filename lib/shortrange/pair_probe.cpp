#include "shortrange/pair_probe.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace orrery {
namespace {

/// Units so coarse that every force which is a number is in range, save those near the end of double's range.
constexpr int coarsest_bits = -900;
constexpr int finest_bits = 1000;

/// A number as a multiple of the finest unit that holds it. `read` gives the multiple of a unit, or nothing
/// if it is out of range.
template <class Read>
double in_finest_unit(FixedPoint guess, const Read& read) {
  std::optional<double> found = read(guess);
  if (found && *found != 0.0) {
    const FixedPoint finer = FixedPoint::for_terms_up_to(2.0 * std::abs(*found) * guess.unit());
    if (const auto value = read(finer)) return *value * finer.unit();
  }
  FixedPoint coarse{coarsest_bits};
  found = read(coarse);
  if (!found) return std::numeric_limits<double>::quiet_NaN();
  int beyond = finest_bits + 1;
  while (beyond - coarse.bits > 1) {
    const FixedPoint middle{coarse.bits + (beyond - coarse.bits) / 2};
    if (const auto value = read(middle)) {
      coarse = middle;
      found = value;
    } else {
      beyond = middle.bits;
    }
  }
  return *found * coarse.unit();
}

}  // namespace

PairProbe::PairProbe(const PairLaw& law) : PairProbe(law, pair_kernels(law.name(), law.method_index())) {}

PairProbe::PairProbe(const PairLaw& law, const PairKernels& kernels)
    : constants_(law.constants()),
      kernels_(kernels),
      units_{.force = FixedPoint::for_terms_up_to(law.force_bound()),
             .energy = FixedPoint::for_terms_up_to(law.force_bound() * constants_.cutoff)} {
  rows_.set_far_away(1024.0 * constants_.cutoff);
  rows_.resize_owned(2);
  velocity_.resize(PairRows::width * rows_.first_image());
  std::fill(velocity_.begin(), velocity_.end(), 0.0);
}

PairTotals PairProbe::run(const std::array<double, 3>& separation, std::size_t lane, Units units,
                          bool with_totals, const std::array<double, 3>& velocity) {
  std::fill_n(rows_.force(0), PairRows::width * rows_.first_image(), std::int64_t{0});
  std::fill_n(rows_.position(0), PairRows::width * rows_.owned(), 0.0);
  std::copy(separation.begin(), separation.end(), rows_.position(0));
  std::copy(velocity.begin(), velocity.end(), velocity_.begin());
  std::vector<std::int32_t> neighbours(kernels_.lanes, PairRows::place(rows_.nobody(0)));
  neighbours.at(lane) = PairRows::place(1);
  const std::array<std::int64_t, 2> begin{0, static_cast<std::int64_t>(kernels_.lanes)};
  const auto two_sided = static_cast<std::int32_t>(kernels_.lanes);
  const NeighbourSlice slice{
      .particles = {0, 1}, .begin = begin.data(), .two_sided = &two_sided, .neighbours = neighbours.data()};
  const PairJob job{.position = rows_.position(0),
                    .force = rows_.force(0),
                    .constants = constants_,
                    .force_unit = units.force,
                    .energy_unit = units.energy,
                    .velocities = {.displacement = velocity_.data(), .steps_per_time = 1.0}};
  if (with_totals) return kernels_.forces_and_totals(job, slice);
  PairTotals totals;
  totals.in_range = kernels_.forces(job, slice);
  return totals;
}

PairProbe::Sums PairProbe::sums(const std::array<double, 3>& separation, std::size_t lane,
                                const std::array<double, 3>& velocity) {
  Sums found;
  found.in_range = run(separation, lane, units_, false, velocity).in_range;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    found.first[axis] = unbiased(rows_.force(0), axis, units_.force.bias());
    found.second[axis] = unbiased(rows_.force(1), axis, units_.force.bias());
  }
  return found;
}

double PairProbe::force(double distance, double speed) {
  return in_finest_unit(units_.force, [&](FixedPoint unit) -> std::optional<double> {
    if (!run({distance, 0.0, 0.0}, 0, {unit, units_.energy}, false, {speed, 0.0, 0.0}).in_range)
      return std::nullopt;
    return static_cast<double>(unbiased(rows_.force(0), 0, unit.bias()));
  });
}

double PairProbe::energy(double distance) {
  return in_finest_unit(units_.energy, [&](FixedPoint unit) -> std::optional<double> {
    const PairTotals totals = run({distance, 0.0, 0.0}, 0, {{coarsest_bits}, unit}, true);
    if (!totals.in_range) return std::nullopt;
    return 0.5 * static_cast<double>(totals.energy);
  });
}

bool PairProbe::totals_in_range(double distance) {
  return run({distance, 0.0, 0.0}, 0, {{coarsest_bits}, units_.energy}, true).in_range;
}

}  // namespace orrery
