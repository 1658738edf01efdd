#include "simulation/pair_estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "core/error.hpp"
#include "core/fixed_point.hpp"
#include "core/number_text.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {
namespace {

// Bytes, as the parts say them: see `InteractingMotion::bytes`.
/// Position, force, displacement and reference, ids twice, order, columns of the search, and where lists
/// begin.
constexpr double bytes_of_particle = 4 * 32 + 2 * 8 + 8 + 16 + 12;
/// Of these, position, force, displacement, reference and ids.
constexpr double bytes_without_lists = 4 * 32 + 8;
/// Accelerations.
constexpr double bytes_in_field = 3 * 8;
constexpr double bytes_of_image = 32 + 32 + 4 + 16 + 8 + 8 + 32;
/// What single precision has of each beside.
constexpr double bytes_of_mixed_row = 16;
/// Two frames, one held and one in the making, out of particles that are on their way.
constexpr double bytes_of_frames = 2 * 48 + 2 * 72;
/// Lists have room for more than they hold, as they grow.
constexpr double room = 1.35;
constexpr double most_lanes = 8, most_mixed_lanes = 16;

struct Region {
  std::array<double, 3> lengths{};
  std::array<bool, 3> is_cut{};
};

/// The first of the regions that the box is cut into, as `Regions` does.
Region first_region(const Box& box, int ranks) {
  Region region{.lengths = box.lengths};
  while (ranks > 1) {
    std::size_t axis = 0;
    for (std::size_t other = 1; other < static_cast<std::size_t>(box.axes); ++other)
      if (region.lengths[other] > region.lengths[axis]) axis = other;
    const int half = ranks / 2;
    region.lengths[axis] *= static_cast<double>(half) / ranks;
    region.is_cut[axis] = true;
    ranks = half;
  }
  return region;
}

/// How large a region is with all that is within reach of it, over how large it is.
double growth_of(const Region& region, const Box& box, double reach) {
  double growth = 1.0;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
    const bool is_periodic = box.boundary[axis] == Boundary::periodic;
    if (!is_periodic && !region.is_cut[axis]) continue;
    const double most = is_periodic ? box.lengths[axis] + 2.0 * reach : box.lengths[axis];
    growth *= std::min(region.lengths[axis] + 2.0 * reach, most) / region.lengths[axis];
  }
  return growth;
}

/// Space within reach of a particle in the middle of the box: a ball, or what a thin box leaves of it.
double volume_within(const Box& box, double reach) {
  const double ball =
      box.axes == 2 ? std::numbers::pi * reach * reach : 4.0 / 3.0 * std::numbers::pi * reach * reach * reach;
  double around = 1.0;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
    const bool is_periodic = box.boundary[axis] == Boundary::periodic;
    around *= is_periodic ? 2.0 * reach : std::min(2.0 * reach, box.lengths[axis]);
  }
  return std::min(ball, around);
}

}  // namespace

PairEstimate estimate_pairs(const Box& box, double reach, std::int64_t particles, int ranks, int threads,
                            PairPrecision precision) {
  PairEstimate estimate;
  const auto all = static_cast<double>(particles);
  estimate.neighbours = all / box.volume() * volume_within(box, reach);
  estimate.particles = std::ceil(all / ranks);
  estimate.images = estimate.particles * (growth_of(first_region(box, ranks), box, reach) - 1.0);
  const bool is_mixed = precision == PairPrecision::mixed;
  const bool is_mirrored = ranks == 1 && threads == 1 && !is_mixed;
  if (is_mirrored) estimate.images *= 0.5;
  // A pair stands in one list, filled up to whole registers twice; in single precision in two, filled up
  // once.
  const double in_double =
      0.5 * estimate.neighbours * (1.0 + estimate.images / std::max(1.0, estimate.particles)) + most_lanes;
  const double listed = is_mixed ? estimate.neighbours + 0.5 * most_mixed_lanes : in_double;
  const double more = is_mixed ? bytes_of_mixed_row : 0.0;
  estimate.bytes = static_cast<std::uint64_t>(
      estimate.particles * (bytes_of_particle + more + bytes_of_frames + 4.0 * room * listed) +
      estimate.images * (bytes_of_image + more));
  return estimate;
}

std::uint64_t bytes_without_pairs(std::int64_t particles, int ranks) {
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(particles) / ranks) *
                                    (bytes_without_lists + bytes_of_frames));
}

std::uint64_t bytes_in_fields(std::int64_t particles, int ranks) {
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(particles) / ranks) * bytes_in_field);
}

void check_pairs(const PairEstimate& estimate, const PairLaw& law, const Box& box, double reach) {
  // In the corner of a box that ends there, a particle sees a part of the ball only.
  double seen = 1.0;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis)
    if (box.boundary[axis] != Boundary::periodic) seen *= 0.5;
  const double neighbours = seen * estimate.neighbours;
  if (neighbours > static_cast<double>(FixedPoint::most_terms)) {
    throw Error(ExitCode::configuration,
                "a particle would have some " + std::to_string(std::llround(neighbours)) +
                    " neighbours within cut-off and neighbour.skin, " + to_text(reach) +
                    " together, more than the " + std::to_string(FixedPoint::most_terms) +
                    " whose forces can be summed exactly; use a smaller " + std::string(law.name()) + "." +
                    std::string(law.cutoff_option()) + ", fewer particles, or a larger box");
  }
  constexpr auto most_rows = static_cast<double>(PairRows::most);
  const double rows = estimate.particles + estimate.images;
  if (rows > most_rows) {
    throw Error(ExitCode::configuration,
                "a rank would have some " + std::to_string(std::llround(estimate.particles)) +
                    " particles and " + std::to_string(std::llround(estimate.images)) +
                    " images of others, more than the " + std::to_string(PairRows::most) +
                    " that its lists can name; use more ranks");
  }
}

}  // namespace orrery
