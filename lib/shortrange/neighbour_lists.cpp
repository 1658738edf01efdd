#include "shortrange/neighbour_lists.hpp"

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/fixed_point.hpp"

namespace orrery {

/// Everything that a search for neighbours looks at.
struct NeighbourLists::Surroundings {
  const CellGrid& grid;
  const PairRows& rows;
  const CellOrder& owned;
  const CellOrder& mirrored;
  const CellOrder& images;  ///< that are not mirrored
  SearchColumns owned_columns;
  SearchColumns mirrored_columns;
  SearchColumns image_columns;
  double reach;
};

namespace {

/// Fewer particles than these between two of the border are not worth a call of the kernel of their own.
constexpr std::int64_t shortest_run = 16;

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
  Finder(const Surroundings& around, Range share) : around_(around), share_(share) {
    double extent = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis)
      extent = std::max(extent, static_cast<double>(around.grid.span(axis) + 1) * around.grid.edge(axis));
    reach2_ = widened_reach2(around.reach, extent);
  }

  /// Goes to the cell of a particle of the share. @return the first particle of the share that is not in it
  std::int64_t enter_cell_of(std::int64_t particle) {
    const double* const position = around_.rows.position(static_cast<std::size_t>(particle));
    const CellGrid& grid = around_.grid;
    const std::array<std::int64_t, 3> cell{grid.along(0, position[0]), grid.along(1, position[1]),
                                           grid.along(2, position[2])};
    for (std::size_t axis = 0; axis < 3; ++axis) middle_[axis] = grid.middle(axis, cell[axis]);
    first_ = particle;
    const auto number = static_cast<std::size_t>(grid.cell(cell[0], cell[1], cell[2]));
    collect(cell);
    return std::min<std::int64_t>(around_.owned.begin[number + 1], share_.end);
  }

  /// Most entries that the two searches may write.
  std::size_t room() const { return inside_.count() + outside_.count() + 2 * search_slack; }

  /// Neighbours in the share that come after a particle of the cell: the pair with one before it stands in
  /// that one's list.
  std::size_t find_inside(std::int64_t particle, std::int32_t* found) const {
    const auto index = static_cast<std::size_t>(particle - first_);
    return inside_.find(index + 1, inside_.place(index), reach2_, found);
  }
  /// Neighbours among all others. @pre the particle's cell is that of `enter_cell_of`
  std::size_t find_outside(std::int64_t particle, std::int32_t* found) const {
    return outside_.find(0, inside_.place(static_cast<std::size_t>(particle - first_)), reach2_, found);
  }

private:
  void collect(const std::array<std::int64_t, 3>& cell) {
    inside_.clear();
    outside_.clear();
    const std::int64_t all = around_.owned.begin.back();
    // The cell itself comes first, so that places of its particles are known; then what follows it.
    const auto number = static_cast<std::size_t>(around_.grid.cell(cell[0], cell[1], cell[2]));
    const Range itself = overlap({around_.owned.begin[number], around_.owned.begin[number + 1]}, share_);
    append_owned(itself, inside_);
    for_rows_of_cells(around_.grid, cell, [&](std::size_t first, std::size_t end) {
      const Range owned = range_of(around_.owned, first, end);
      append_owned(overlap(owned, {itself.end, share_.end}), inside_);
      append_owned(overlap(owned, {0, share_.begin}), outside_);
      append_owned(overlap(owned, {share_.end, all}), outside_);
      const auto first_image = static_cast<std::int32_t>(around_.rows.first_image());
      inside_.append(around_.mirrored_columns, range_of(around_.mirrored, first, end),
                     around_.mirrored.rows.data(), first_image, middle_);
      outside_.append(around_.image_columns, range_of(around_.images, first, end), around_.images.rows.data(),
                      first_image + static_cast<std::int32_t>(around_.rows.mirrored()), middle_);
    });
    inside_.close();
    outside_.close();
  }

  static Range range_of(const CellOrder& order, std::size_t first, std::size_t end) {
    return {order.begin[first], order.begin[end]};
  }

  void append_owned(Range range, Candidates& to) const {
    to.append(around_.owned_columns, range, nullptr, 0, middle_);
  }

  const Surroundings& around_;
  Range share_;
  float reach2_ = 0.0F;
  std::int64_t first_ = 0;  ///< of the cell's particles in the share
  Vec3 middle_{};
  Candidates inside_, outside_;
};

void NeighbourLists::Columns::fill(const PairRows& rows, std::size_t first, const CellOrder& order,
                                   int threads) {
  const std::size_t count = order.rows.size();
  for (auto& column : axis) {
    column.resize(count + search_slack);
    std::fill(column.begin() + static_cast<std::ptrdiff_t>(count), column.end(), 0.0);
  }
#pragma omp parallel for schedule(static) num_threads(threads)
  for (std::size_t place = 0; place < count; ++place) {
    const double* const position = rows.position(first + static_cast<std::size_t>(order.rows[place]));
    for (std::size_t index = 0; index < 3; ++index) axis[index][place] = position[index];
  }
}

void NeighbourLists::fill(Share& share, const Finder& finder, std::int64_t particle, std::int32_t nobody) {
  const auto end = static_cast<std::size_t>(share.begin.back());
  const std::size_t most = end + finder.room() + 2 * lanes_;
  if (share.neighbours.size() < most) share.neighbours.resize(most + most / 4);
  std::int32_t* const at = share.neighbours.data() + end;
  const std::size_t inside = finder.find_inside(particle, at), padded_inside = padded(inside);
  std::fill(at + inside, at + padded_inside, nobody);
  const std::size_t outside = finder.find_outside(particle, at + padded_inside);
  const std::size_t both = padded_inside + padded(outside);
  std::fill(at + padded_inside + outside, at + both, nobody);
  share.begin.push_back(static_cast<std::int64_t>(end + both));
  share.two_sided.push_back(static_cast<std::int32_t>(padded_inside));
  share.longest = std::max(share.longest, static_cast<std::int64_t>(inside + outside));
  share.entries += static_cast<std::int64_t>(inside + outside);
}

bool NeighbourLists::last_list_reaches(const Share& share, std::int32_t row) {
  const std::int32_t* const lists = share.neighbours.data();
  const std::int32_t* const end = lists + share.begin.back();
  // (Not any_of, which compilers do not turn into vectors. Fillers are before all images.)
  std::int32_t last = -1;
  for (const std::int32_t* at = lists + share.begin[share.begin.size() - 2] + share.two_sided.back();
       at < end; ++at)
    last = std::max(last, *at);
  return last >= row;
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
  ensure(rows.mirrored() == 0 || shares.size() == 1, "images are mirrored for one thread only");
  const std::size_t first_image = rows.first_image() + rows.mirrored();
  order_by_cell(grid, rows.position(rows.first_image()), rows.mirrored(), mirrored_);
  order_by_cell(grid, rows.position(first_image), rows.images() - rows.mirrored(), images_);
  const auto threads = static_cast<int>(shares.size());
  owned_columns_.fill(rows, 0, owned, threads);
  mirrored_columns_.fill(rows, rows.first_image(), mirrored_, threads);
  image_columns_.fill(rows, first_image, images_, threads);
  const Surroundings around{.grid = grid,
                            .rows = rows,
                            .owned = owned,
                            .mirrored = mirrored_,
                            .images = images_,
                            .owned_columns = owned_columns_.columns(),
                            .mirrored_columns = mirrored_columns_.columns(),
                            .image_columns = image_columns_.columns(),
                            .reach = reach};
  const bool awaits_any = rows.awaited() > 0;
  const auto first_awaited = static_cast<std::int32_t>(rows.first_awaited());
  shares_.resize(shares.size());
  // What is thrown must not leave a parallel region.
  std::vector<int> failed(shares.size(), 0);
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(shares.size()))
  for (std::size_t index = 0; index < shares.size(); ++index) {
    try {
      Share& share = shares_[index];
      const auto nobody = static_cast<std::int32_t>(rows.nobody(index));
      share.particles = shares[index];
      share.begin.assign(1, 0);
      share.two_sided.clear();
      share.interior.clear();
      share.border.clear();
      share.longest = share.entries = 0;
      Finder finder(around, share.particles);
      for (std::int64_t particle = share.particles.begin; particle < share.particles.end;) {
        const std::int64_t end = finder.enter_cell_of(particle);
        for (; particle < end; ++particle) {
          fill(share, finder, particle, nobody);
          if (awaits_any && last_list_reaches(share, first_awaited)) add_to_border(share, particle);
        }
      }
      close_border(share);
    } catch (const std::bad_alloc&) {
      failed[index] = 1;
    }
  }
  if (std::count(failed.begin(), failed.end(), 1) > 0) throw std::bad_alloc();
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
  // Whoever is near a particle is in a ball around it, which 21 balls of half the radius cover. Those in one
  // of these are near each other, and the first of them has all others in its list.
  constexpr std::int64_t parts = 32;
  const std::int64_t bound = parts * (most_listed() + 1);
  if (bound <= FixedPoint::most_terms) return bound;
  std::vector<std::int64_t> neighbours(rows.first_image() + rows.mirrored(), 0);
  for (std::size_t index = 0; index < shares_.size(); ++index) {
    const NeighbourSlice list = slice(index);
    for (std::int64_t row = list.particles.begin; row < list.particles.end; ++row) {
      const std::int64_t entry = row - list.particles.begin;
      for (std::int64_t at = list.begin[entry]; at < list.begin[entry + 1]; ++at) {
        const auto other = static_cast<std::size_t>(list.neighbours[at]);
        if (rows.is_nobody(other)) continue;
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
  std::size_t bytes = bytes_of(owned_columns_.axis) + bytes_of(mirrored_columns_.axis) +
                      bytes_of(image_columns_.axis) + mirrored_.bytes() + images_.bytes();
  for (const auto& share : shares_) {
    bytes += share.begin.capacity() * sizeof(std::int64_t) +
             (share.two_sided.capacity() + share.neighbours.capacity()) * sizeof(std::int32_t) +
             (share.interior.capacity() + share.border.capacity()) * sizeof(Range);
  }
  return bytes;
}

}  // namespace orrery
