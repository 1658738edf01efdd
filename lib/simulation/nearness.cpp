#include "simulation/nearness.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "shortrange/pair_rows.hpp"

namespace orrery {
namespace {

constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

/// The first in the order of indices of this rank's particles that begin exactly where another is, this
/// rank's or not; `none` where there is none. Every such pair is in a list of each rank that has one of the
/// two.
std::int64_t first_at_one_place(const MotionState& state, const NeighbourLists& lists) {
  std::int64_t first = none;
#pragma omp parallel for schedule(static, 1) num_threads(state.threads) reduction(min : first)
  for (std::size_t share = 0; share < lists.shares(); ++share) {
    const NeighbourSlice slice = lists.slice(share);
    for (std::int64_t row = slice.particles.begin; row < slice.particles.end; ++row) {
      const std::int64_t entry = row - slice.particles.begin;
      const double* const a = state.rows.position(static_cast<std::size_t>(row));
      for (std::int64_t at = slice.begin[entry]; at < slice.begin[entry + 1]; ++at) {
        const auto other = PairRows::row_at(slice.neighbours[at]);
        const double* const b = state.rows.position(other);
        if (a[0] != b[0] || a[1] != b[1] || a[2] != b[2]) continue;
        first = std::min(first, state.index_of(static_cast<std::size_t>(row)));
        if (const auto own = state.rows.own_row(other)) first = std::min(first, state.index_of(*own));
      }
    }
  }
  return first;
}

/// At which two particles approach each other, as the force has it [length / time].
double approach_speed(const MotionState& state, std::size_t row, std::size_t other) {
  double r_dot_u = 0.0, distance2 = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double along = state.rows.position(row)[axis] - state.rows.position(other)[axis];
    distance2 += along * along;
    r_dot_u += along * (state.displacement_of(row)[axis] - state.displacement_of(other)[axis]);
  }
  return -r_dot_u / std::sqrt(distance2) / state.time_step;
}

/// The particle that is nearest to a place by now, but for one. Collective.
std::int64_t nearest_to(const Communicator& ranks, const MotionState& state, const Vec3& place,
                        std::int64_t but) {
  struct Near {
    double distance2 = std::numeric_limits<double>::infinity();
    std::int64_t id = none;
  };
  Near nearest;
  for (std::size_t row = 0; row < state.rows.owned(); ++row) {
    if (state.index_of(row) == but) continue;
    double distance2 = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double along = std::abs(state.wrapped(state.rows.position(row)[axis], axis) - place[axis]);
      if (state.periods[axis] > 0.0) along = std::min(along, state.periods[axis] - along);
      distance2 += along * along;
    }
    if (distance2 < nearest.distance2 || (distance2 == nearest.distance2 && state.index_of(row) < nearest.id))
      nearest = {distance2, state.index_of(row)};
  }
  const auto all = ranks.pull_everywhere(nearest);
  return std::min_element(all.begin(), all.end(),
                          [](const Near& a, const Near& b) {
                            return a.distance2 != b.distance2 ? a.distance2 < b.distance2 : a.id < b.id;
                          })
      ->id;
}

}  // namespace

ClosePair closest_pair(const MotionState& state, const NeighbourLists& lists, double cutoff, bool by_speed) {
  ClosePair worst{.by_speed = by_speed};
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t share = 0; share < lists.shares(); ++share) {
    const NeighbourSlice slice = lists.slice(share);
    for (std::int64_t particle = slice.particles.begin; particle < slice.particles.end; ++particle) {
      const std::int64_t entry = particle - slice.particles.begin;
      const auto row = static_cast<std::size_t>(particle);
      for (std::int64_t at = slice.begin[entry]; at < slice.begin[entry + 1]; ++at) {
        const auto other = PairRows::row_at(slice.neighbours[at]);
        const double* const a = state.rows.position(row);
        const double* const b = state.rows.position(other);
        const double distance = std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        if (by_speed && !(distance < cutoff)) continue;
        const double speed = by_speed ? approach_speed(state, row, other) : 0.0;
        const double badness = by_speed ? std::abs(speed) : -distance;
        if (!(badness > most)) continue;
        most = badness;
        worst = {.row = row, .other = other, .distance = distance, .by_speed = by_speed, .speed = speed};
      }
    }
  }
  return worst;
}

void check_places(const Communicator& ranks, const MotionState& state, const NeighbourLists& lists,
                  ExitCode code) {
  struct Found {
    std::int64_t id = none;
    Vec3 place{};
  };
  Found found;
  found.id = first_at_one_place(state, lists);
  for (std::size_t row = 0; found.id != none && row < state.rows.owned(); ++row)
    if (state.index_of(row) == found.id) found.place = state.place_in_box(row);
  const auto by_id = [](const Found& a, const Found& b) { return a.id < b.id; };
  const auto all = ranks.pull_everywhere(found);
  const Found first = *std::min_element(all.begin(), all.end(), by_id);
  if (first.id == none) return;
  Found second;
  for (std::size_t row = 0; row < state.rows.owned(); ++row)
    if (state.index_of(row) != first.id && state.index_of(row) < second.id &&
        state.place_in_box(row) == first.place)
      second.id = state.index_of(row);
  const auto others = ranks.pull_everywhere(second);
  second = *std::min_element(others.begin(), others.end(), by_id);
  ranks.apply([&] {
    if (found.id != first.id) return;
    FailureFacts facts{.kind = FailureKind::begins_at_one_place, .particles = {first.id, second.id}};
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(state.box.axes); ++axis)
      facts.place[axis] = first.place[axis] + state.box.origin[axis];
    throw FactualError(code,
                       std::string(particle_slots[0]) + " begins at " + text_of(state, first.place) +
                           ", exactly where " + particle_slots[1] +
                           " is; give every particle a place of its own",
                       facts);
  });
}

std::optional<FactualError> with_other_named(const Communicator& ranks, const MotionState& state,
                                             const std::optional<Unnamed>& mine) {
  struct Asked {
    bool asks = false;
    std::int64_t but = -1;
    Vec3 place{};
  };
  const auto asked =
      ranks.pull_everywhere(mine ? Asked{true, mine->failure.facts().particles[0], mine->place} : Asked{});
  std::optional<FactualError> named;
  for (std::size_t rank = 0; rank < asked.size(); ++rank) {
    if (!asked[rank].asks) continue;
    const std::int64_t other = nearest_to(ranks, state, asked[rank].place, asked[rank].but);
    if (static_cast<int>(rank) != ranks.rank() || other == none) continue;
    FailureFacts facts = mine->failure.facts();
    facts.particles[1] = other;
    named.emplace(mine->failure.code(), mine->failure.words(), facts);
  }
  return named;
}

}  // namespace orrery
