// Particles that are too near to each other, by name.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "core/error.hpp"
#include "simulation/interacting_motion.hpp"

namespace orrery {
namespace {

constexpr std::int64_t nobody = std::numeric_limits<std::int64_t>::max();

}  // namespace

/// Where a row is, own or image, brought into the box.
Vec3 InteractingMotion::place_in_box(std::size_t row) const {
  Vec3 place{};
  for (std::size_t axis = 0; axis < 3; ++axis) place[axis] = wrapped(rows_.position(row)[axis], axis);
  return place;
}

/// The first in the order of ids of this rank's particles that begin exactly where another is, this rank's or
/// not; `nobody` where there is none. Every such pair stands in a list of each rank that has one of the two.
std::int64_t InteractingMotion::first_at_one_place() const {
  std::int64_t first = nobody;
#pragma omp parallel for schedule(static, 1) num_threads(settings_.threads) reduction(min : first)
  for (std::size_t share = 0; share < lists_.shares(); ++share) {
    const NeighbourSlice slice = lists_.slice(share);
    for (std::int64_t row = slice.particles.begin; row < slice.particles.end; ++row) {
      const std::int64_t entry = row - slice.particles.begin;
      const double* const a = rows_.position(static_cast<std::size_t>(row));
      for (std::int64_t at = slice.begin[entry]; at < slice.begin[entry + 1]; ++at) {
        const auto other = PairRows::row_at(slice.neighbours[at]);
        const double* const b = rows_.position(other);
        if (a[0] != b[0] || a[1] != b[1] || a[2] != b[2]) continue;
        first = std::min(first, index_of(static_cast<std::size_t>(row)));
        if (const auto own = own_row_of(other)) first = std::min(first, index_of(*own));
      }
    }
  }
  return first;
}

/// The own particle that a row is of; nothing for images of other ranks, and for those whose particle is not
/// noted.
std::optional<std::size_t> InteractingMotion::own_row_of(std::size_t row) const {
  if (row < rows_.owned()) return row;
  if (rows_.is_nobody(row) || row - rows_.first_image() >= rows_.mirrored()) return std::nullopt;
  return rows_.mirrored_row(row - rows_.first_image());
}

/// Refuses particles that begin exactly where another is: forces do not part them, or are beyond all bounds.
/// Collective.
void InteractingMotion::check_places() const {
  struct Found {
    std::int64_t id = nobody;
    Vec3 place{};
  };
  Found found;
  found.id = first_at_one_place();
  for (std::size_t row = 0; found.id != nobody && row < rows_.owned(); ++row)
    if (index_of(row) == found.id) found.place = place_in_box(row);
  const auto by_id = [](const Found& a, const Found& b) { return a.id < b.id; };
  const auto all = ranks_.pull_everywhere(found);
  const Found first = *std::min_element(all.begin(), all.end(), by_id);
  if (first.id == nobody) return;
  Found second;
  for (std::size_t row = 0; row < rows_.owned(); ++row)
    if (index_of(row) != first.id && index_of(row) < second.id && place_in_box(row) == first.place)
      second.id = index_of(row);
  const auto others = ranks_.pull_everywhere(second);
  second = *std::min_element(others.begin(), others.end(), by_id);
  ranks_.apply([&] {
    if (found.id != first.id) return;
    throw Error(*settings_.one_place, "particle #" + std::to_string(first.id) + " begins at " +
                                          text_of(first.place) + ", exactly where particle #" +
                                          std::to_string(second.id) +
                                          " is; give every particle a place of its own");
  });
}

/// Who is nearest to a place by now, but for one particle. Collective.
std::int64_t InteractingMotion::nearest_to(const Vec3& place, std::int64_t but) const {
  struct Near {
    double distance2 = std::numeric_limits<double>::infinity();
    std::int64_t id = nobody;
  };
  Near nearest;
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    if (index_of(row) == but) continue;
    double distance2 = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double along = std::abs(wrapped(rows_.position(row)[axis], axis) - place[axis]);
      if (periods_[axis] > 0.0) along = std::min(along, periods_[axis] - along);
      distance2 += along * along;
    }
    if (distance2 < nearest.distance2 || (distance2 == nearest.distance2 && index_of(row) < nearest.id))
      nearest = {distance2, index_of(row)};
  }
  const auto all = ranks_.pull_everywhere(nearest);
  return std::min_element(all.begin(), all.end(),
                          [](const Near& a, const Near& b) {
                            return a.distance2 != b.distance2 ? a.distance2 < b.distance2 : a.id < b.id;
                          })
      ->id;
}

/// Puts a name to the other of two particles that came too near, where it is another rank's: the particle
/// that is nearest to where its image was seen. Other ranks may be a step ahead. Collective.
void InteractingMotion::name_the_other() {
  struct Asked {
    bool asks = false;
    std::int64_t but = -1;
    Vec3 place{};
  };
  Asked mine;
  if (failure_ && unnamed_) mine = {true, unnamed_->id, unnamed_->place};
  const auto asked = ranks_.pull_everywhere(mine);
  for (std::size_t rank = 0; rank < asked.size(); ++rank) {
    if (!asked[rank].asks) continue;
    const std::int64_t other = nearest_to(asked[rank].place, asked[rank].but);
    if (static_cast<int>(rank) != ranks_.rank() || other == nobody) continue;
    const auto at = unnamed_->text.find(another);
    failure_ = std::make_exception_ptr(Error(
        unnamed_->code, std::string(unnamed_->text)
                            .replace(at, std::string(another).size(), "particle #" + std::to_string(other))));
  }
  unnamed_.reset();
}

}  // namespace orrery
