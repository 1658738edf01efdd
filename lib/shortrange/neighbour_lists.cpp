#include "shortrange/neighbour_lists.hpp"

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/fixed_point.hpp"
#include "core/in_parts.hpp"

namespace orrery {

/// Everything that a search for neighbours looks at.
struct NeighbourLists::Surroundings {
  const CellGrid& grid;
  const PairRows& rows;
  const CellOrder& owned;
  const CellOrder& mirrored;
  const CellOrder& images;    ///< that are not mirrored
  bool has_remote;            ///< images
  std::int32_t first_remote;  ///< place of an image; all remote ghosts are from there on
  SearchColumns owned_columns;
  SearchColumns mirrored_columns;
  SearchColumns image_columns;
  double reach;
};

namespace {

/// Fewer particles than these between two of the border are not worth a call of the kernel of their own.
constexpr std::int64_t shortest_run = 16;

/// Entries of a share that a cache may keep from one step to the next, 16 MiB.
constexpr std::int64_t most_cached = std::int64_t{4} << 20;

/// Whether a list has a row from the given place on.
bool reaches(std::span<const std::int32_t> list, std::int32_t place) {
  // Fillers are before all images.
  return std::any_of(list.begin(), list.end(), [place](std::int32_t entry) { return entry >= place; });
}

/// Calls `visit(first cell, last cell + 1)` for each row of cells around a cell.
template <class Visit>
void for_rows_of_cells(const CellGrid& grid, const std::array<std::int64_t, 3>& middle, const Visit& visit) {
  const std::int64_t first = std::max<std::int64_t>(middle[0] - grid.span(0), 0);
  const std::int64_t last = std::min(middle[0] + grid.span(0), grid.cells_along(0) - 1);
  for (std::int64_t z = std::max<std::int64_t>(middle[2] - grid.span(2), 0);
       z <= std::min(middle[2] + grid.span(2), grid.cells_along(2) - 1); ++z) {
    for (std::int64_t y = std::max<std::int64_t>(middle[1] - grid.span(1), 0);
         y <= std::min(middle[1] + grid.span(1), grid.cells_along(1) - 1); ++y) {
      visit(static_cast<std::size_t>(grid.cell(first, y, z)),
            static_cast<std::size_t>(grid.cell(last, y, z)) + 1);
    }
  }
}

}  // namespace

/// The neighbours of a share's particles, cell by cell: particles of a cell have the same candidates.
class NeighbourLists::Finder {
public:
  /// @param padding  place of the row that lists are filled up with
  Finder(const Surroundings& around, Range share, Pairing pairing, std::int32_t padding)
      : around_(around), share_(share), pairing_(pairing), padding_(padding) {
    double extent = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) extent = std::max(extent, around.grid.extent(axis));
    reach2_ = widened_reach2(around.reach, extent);
  }

  /// Goes to the cell of a particle of the share. @return the first particle of the share that is not in it
  std::int64_t enter_cell_of(std::int64_t particle) {
    const double* const position = around_.rows.position(static_cast<std::size_t>(particle));
    const CellGrid& grid = around_.grid;
    const std::array<std::int64_t, 3> cell{grid.along(0, position[0]), grid.along(1, position[1]),
                                           grid.along(2, position[2])};
    first_ = particle;
    const auto number = static_cast<std::size_t>(grid.cell(cell[0], cell[1], cell[2]));
    collect(cell);
    return std::min<std::int64_t>(around_.owned.begin[number + 1], share_.end);
  }

  /// Whether some remote ghost may be a neighbour of a particle of the cell.
  bool is_near_remote() const { return is_near_remote_; }

  /// Most entries that the two searches may write.
  std::size_t room() const { return inside_.count() + outside_.count() + 4 * search_slack; }

  /// Neighbours in the share that come after a particle of the cell: the pair with one before it stands in
  /// that one's list.
  std::size_t find_inside(std::int64_t particle, std::int32_t* found) const {
    if (pairing_ == Pairing::both_ways) return 0;
    const auto index = static_cast<std::size_t>(particle - first_);
    return inside_.find(index + 1, inside_.position(index), reach2_, found, padding_);
  }
  /// Neighbours among all others. @pre the particle's cell is that of `enter_cell_of`
  std::size_t find_outside(std::int64_t particle, std::int32_t* found) {
    const auto index = static_cast<std::size_t>(particle - first_);
    if (pairing_ == Pairing::once) return outside_.find(0, inside_.position(index), reach2_, found, padding_);
    return outside_.find_others(index, reach2_, found, padding_);
  }

private:
  void collect(const std::array<std::int64_t, 3>& cell) {
    inside_.clear();
    outside_.clear();
    is_near_remote_ = false;
    const std::int64_t all = around_.owned.begin.back();
    // The cell itself comes first, so that places of its particles are known; then what follows it.
    const auto number = static_cast<std::size_t>(around_.grid.cell(cell[0], cell[1], cell[2]));
    const Range itself = overlap({around_.owned.begin[number], around_.owned.begin[number + 1]}, share_);
    const Range inside = pairing_ == Pairing::once ? share_ : itself;
    (pairing_ == Pairing::once ? inside_ : outside_).append(around_.owned_columns, itself);
    box_ = SearchBox::around(around_.owned_columns, itself);
    for_rows_of_cells(around_.grid, cell, [&](std::size_t first, std::size_t end) {
      const Range owned = range_of(around_.owned, first, end);
      append_owned(overlap(owned, {itself.end, inside.end}), inside_);
      append_owned(overlap(owned, {0, inside.begin}), outside_);
      append_owned(overlap(owned, {inside.end, all}), outside_);
      inside_.append_near(around_.mirrored_columns, range_of(around_.mirrored, first, end), box_, reach2_);
      const std::size_t before = outside_.count();
      outside_.append_near(around_.image_columns, range_of(around_.images, first, end), box_, reach2_);
      if (around_.has_remote && !is_near_remote_)
        is_near_remote_ = outside_.reach(around_.first_remote, before);
    });
    inside_.close();
    outside_.close();
  }

  static Range range_of(const CellOrder& order, std::size_t first, std::size_t end) {
    return {order.begin[first], order.begin[end]};
  }

  void append_owned(Range range, Candidates& to) const {
    to.append_near(around_.owned_columns, range, box_, reach2_);
  }

  const Surroundings& around_;
  Range share_;
  Pairing pairing_;
  std::int32_t padding_;
  float reach2_ = 0.0F;
  std::int64_t first_ = 0;  ///< of the cell's particles in the share
  SearchBox box_{};
  bool is_near_remote_ = false;
  Candidates inside_, outside_;
};

void NeighbourLists::Columns::fill(const PairRows& rows, std::size_t first, const CellOrder& order,
                                   const Vec3& middle, int threads) {
  const std::size_t count = order.rows.size();
  for (auto& column : axis) {
    column.resize(count + search_slack);
    std::fill(column.begin() + static_cast<std::ptrdiff_t>(count), column.end(), 0.0F);
  }
  place.assign(count + search_slack, 0);
#pragma omp parallel for schedule(static) num_threads(threads)
  for (std::size_t entry = 0; entry < count; ++entry) {
    const std::size_t row = first + static_cast<std::size_t>(order.rows[entry]);
    for (std::size_t index = 0; index < 3; ++index)
      axis[index][entry] = static_cast<float>(rows.position(row)[index] - middle[index]);
    place[entry] = PairRows::place(row);
  }
}

void NeighbourLists::clear(Share& share, Range particles) const {
  const auto count = static_cast<std::size_t>(particles.size());
  // Most likely they will be about as long as before. (Lists of pairs that stand once are half as long, and
  // no faster so.)
  share.past_caches =
      pairing_ == Pairing::both_ways && !share.begin.empty() && share.begin.back() >= most_cached;
  share.particles = particles;
  share.begin.resize(count + 1);
  share.begin[0] = 0;
  share.two_sided.resize(count);
  share.interior.clear();
  share.border.clear();
  share.longest = share.entries = 0;
}

std::span<const std::int32_t> NeighbourLists::fill(Share& share, Finder& finder, std::int64_t particle) {
  const auto entry = static_cast<std::size_t>(particle - share.particles.begin);
  const auto end = static_cast<std::size_t>(share.begin[entry]);
  const std::size_t room = finder.room() + 2 * lanes_;
  if (share.neighbours.size() < end + room) share.neighbours.resize((end + room) / 4 * 5);
  if (share.past_caches && share.staging.size() < room) share.staging.resize(2 * room);
  std::int32_t* const list = share.neighbours.data() + end;
  std::int32_t* const at = share.past_caches ? share.staging.data() : list;
  const std::size_t inside = finder.find_inside(particle, at), padded_inside = padded(inside);
  const std::size_t outside = finder.find_outside(particle, at + padded_inside);
  // With pairs both ways a list has one entry at least, so that loops need not look.
  const std::size_t least = pairing_ == Pairing::once ? 0 : 1;
  const std::size_t padded_outside = padded(std::max(outside, least)), both = padded_inside + padded_outside;
  if (share.past_caches) copy_past_caches(at, both, list);
  share.begin[entry + 1] = static_cast<std::int64_t>(end + both);
  share.two_sided[entry] = static_cast<std::int32_t>(padded_inside);
  share.longest = std::max(share.longest, static_cast<std::int64_t>(inside + outside));
  share.entries += static_cast<std::int64_t>(inside + outside);
  return {at + padded_inside, padded_outside};
}

void NeighbourLists::add_to_border(Share& share, std::int64_t particle) {
  const std::int64_t end = share.border.empty() ? share.particles.begin : share.border.back().end;
  if (particle - end >= shortest_run) {
    share.border.push_back({particle, particle + 1});
  } else if (share.border.empty()) {
    share.border.push_back({end, particle + 1});
  } else {
    share.border.back().end = particle + 1;
  }
}

/// Ends the last run of the border; the interior is what is left.
void NeighbourLists::close_border(Share& share) {
  if (!share.border.empty() && share.particles.end - share.border.back().end < shortest_run)
    share.border.back().end = share.particles.end;
  std::int64_t begin = share.particles.begin;
  const auto add_up_to = [&](std::int64_t end) {
    if (begin < end) share.interior.push_back({begin, end});
  };
  for (const Range run : share.border) {
    add_up_to(run.begin);
    begin = run.end;
  }
  add_up_to(share.particles.end);
}

void NeighbourLists::build(const CellGrid& grid, const PairRows& rows, const CellOrder& owned, double reach,
                           std::span<const Range> shares) {
  ensure(rows.mirrored() == 0 || (shares.size() == 1 && pairing_ == Pairing::once),
         "images are mirrored for one thread and pairs that stand once");
  const std::size_t first_image = rows.first_image() + rows.mirrored();
  const auto threads = static_cast<int>(shares.size());
  order_by_cell(grid, rows.position(rows.first_image()), rows.mirrored(), mirrored_, threads);
  order_by_cell(grid, rows.position(first_image), rows.images() - rows.mirrored(), images_, threads);
  const Vec3 middle = grid.middle();
  owned_columns_.fill(rows, 0, owned, middle, threads);
  mirrored_columns_.fill(rows, rows.first_image(), mirrored_, middle, threads);
  image_columns_.fill(rows, first_image, images_, middle, threads);
  const Surroundings around{.grid = grid,
                            .rows = rows,
                            .owned = owned,
                            .mirrored = mirrored_,
                            .images = images_,
                            .has_remote = rows.remote() > 0,
                            .first_remote = PairRows::place(rows.first_remote()),
                            .owned_columns = owned_columns_.columns(),
                            .mirrored_columns = mirrored_columns_.columns(),
                            .image_columns = image_columns_.columns(),
                            .reach = reach};
  shares_.resize(shares.size());
  const auto parts = static_cast<int>(shares.size());
  on_team(parts, parts, [&](int part) {
    const auto index = static_cast<std::size_t>(part);
    Share& share = shares_[index];
    const auto padding = PairRows::place(rows.padding_row(index));
    clear(share, shares[index]);
    Finder finder(around, share.particles, pairing_, padding);
    for (std::int64_t particle = share.particles.begin; particle < share.particles.end;) {
      const std::int64_t end = finder.enter_cell_of(particle);
      for (; particle < end; ++particle) {
        const auto one_sided = fill(share, finder, particle);
        // Most cells are far from any, which spares a look at each entry.
        if (finder.is_near_remote() && reaches(one_sided, around.first_remote))
          add_to_border(share, particle);
      }
    }
    close_border(share);
    finish_copies();
  });
}

NeighbourSlice NeighbourLists::slice(std::size_t share, Range particles) const {
  const Share& found = shares_[share];
  const std::int64_t first = particles.begin - found.particles.begin;
  return {.particles = particles,
          .begin = found.begin.data() + first,
          .two_sided = found.two_sided.data() + first,
          .neighbours = found.neighbours.data()};
}

std::span<const Range> NeighbourLists::runs(std::size_t share, PairPart part) const {
  const Share& found = shares_[share];
  if (part == PairPart::all) return {&found.particles, 1};
  return part == PairPart::interior ? found.interior : found.border;
}

std::int64_t NeighbourLists::most_listed() const {
  std::int64_t most = 0;
  for (const auto& share : shares_) most = std::max(most, share.longest);
  return most;
}

std::int64_t NeighbourLists::most_neighbours(const PairRows& rows) const {
  // Each list holds all neighbours of its particle.
  if (pairing_ == Pairing::both_ways) return most_listed();
  // The neighbours of a particle are in a ball around it, which 21 balls of half the radius cover. Those in
  // one of these are near each other, and the first of them has all others in its list.
  constexpr std::int64_t parts = 32;
  const std::int64_t bound = parts * (most_listed() + 1);
  if (bound <= FixedPoint::most_terms) return bound;
  std::vector<std::int64_t> neighbours(rows.first_image() + rows.mirrored(), 0);
  // Pairs that stand once are of a share, or with a mirrored image, of which only a single share has any: no
  // two threads count for the same particle.
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(shares_.size()))
  for (std::size_t index = 0; index < shares_.size(); ++index) {
    const NeighbourSlice list = slice(index);
    for (std::int64_t row = list.particles.begin; row < list.particles.end; ++row) {
      const std::int64_t entry = row - list.particles.begin;
      for (std::int64_t at = list.begin[entry]; at < list.begin[entry + 1]; ++at) {
        const auto other = PairRows::row_at(list.neighbours[at]);
        if (rows.is_padding(other)) continue;
        ++neighbours[static_cast<std::size_t>(row)];
        if (at < list.begin[entry] + list.two_sided[entry]) ++neighbours[other];
      }
    }
  }
  for (std::size_t image = 0; image < rows.mirrored(); ++image)
    neighbours[rows.mirrored_row(image)] += neighbours[rows.first_image() + image];
  neighbours.resize(rows.owned());
  return neighbours.empty() ? 0 : *std::max_element(neighbours.begin(), neighbours.end());
}

std::int64_t NeighbourLists::entries() const {
  std::int64_t entries = 0;
  for (const auto& share : shares_) entries += share.entries;
  return entries;
}

std::size_t NeighbourLists::bytes() const {
  std::size_t bytes = owned_columns_.bytes() + mirrored_columns_.bytes() + image_columns_.bytes() +
                      mirrored_.bytes() + images_.bytes();
  for (const auto& share : shares_) {
    bytes += share.begin.capacity() * sizeof(std::int64_t) +
             (share.two_sided.capacity() + share.neighbours.capacity() + share.staging.capacity()) *
                 sizeof(std::int32_t) +
             (share.interior.capacity() + share.border.capacity()) * sizeof(Range);
  }
  return bytes;
}

}  // namespace orrery
