#include "shortrange/pair_probe.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "shortrange/mixed_rows.hpp"

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

/// @param far_away  where the padding rows are [length]
PairRows two_rows(double far_away) {
  PairRows rows;
  rows.set_far_away(far_away);
  rows.resize_owned(2);
  return rows;
}

}  // namespace

LonePair::LonePair(std::size_t lanes, bool two_sided, std::size_t padding)
    : padding_(PairRows::place(padding)),
      neighbours_(lanes, padding_),
      begin_{0, static_cast<std::int64_t>(lanes)},
      two_sided_(two_sided ? static_cast<std::int32_t>(lanes) : 0) {}

NeighbourSlice LonePair::in_lane(std::size_t lane) {
  std::fill(neighbours_.begin(), neighbours_.end(), padding_);
  neighbours_.at(lane) = PairRows::place(1);
  return {.particles = {0, 1},
          .begin = begin_.data(),
          .two_sided = &two_sided_,
          .neighbours = neighbours_.data()};
}

PairProbe::PairProbe(const PairLaw& law) : PairProbe(law, pair_kernels(law.name(), law.method_index())) {}

PairProbe::PairProbe(const PairLaw& law, const PairKernels& kernels)
    : constants_(law.constants()),
      kernels_(kernels),
      units_{.force = FixedPoint::for_terms_up_to(law.force_bound()),
             .energy = FixedPoint::for_terms_up_to(law.force_bound() * constants_.cutoff)},
      rows_(two_rows(1024.0 * constants_.cutoff)),
      pair_(kernels_.lanes, true, rows_.padding_row(0)) {
  velocity_.resize(PairRows::width * rows_.first_image());
  std::fill(velocity_.begin(), velocity_.end(), 0.0);
}

PairTotals PairProbe::run(const std::array<double, 3>& separation, std::size_t lane, Units units,
                          bool with_totals, const std::array<double, 3>& velocity) {
  std::fill_n(rows_.force(0), PairRows::width * rows_.first_image(), std::int64_t{0});
  std::fill_n(rows_.position(0), PairRows::width * rows_.owned(), 0.0);
  std::copy(separation.begin(), separation.end(), rows_.position(0));
  std::copy(velocity.begin(), velocity.end(), velocity_.begin());
  const NeighbourSlice slice = pair_.in_lane(lane);
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

MixedProbe::MixedProbe(const PairLaw& law, FixedPoint grid)
    : kernels_(mixed_pair_kernels(law.name(), law.method_index())),
      force_unit_(mixed_force_unit(law.mixed_force_bound())),
      constants_(mixed_constants(law, grid)),
      pair_(kernels_.lanes, false, 2) {
  position_.assign(PairRows::width * 3, 0);
  std::fill(position_.end() - PairRows::width, position_.end(), mixed_padding);
  velocity_.assign(PairRows::width * 3, 0.0F);
  force_.assign(PairRows::width, 0);
}

std::optional<double> MixedProbe::force(std::int32_t distance) {
  position_[0] = distance;
  std::fill(force_.begin(), force_.end(), 0);
  const MixedPairJob job{.position = position_.data(),
                         .velocity = velocity_.data(),
                         .force = force_.data(),
                         .constants = constants_};
  if (!kernels_.forces(job, pair_.in_lane(0))) return std::nullopt;
  return force_unit_.value(force_[0]);
}

}  // namespace orrery
