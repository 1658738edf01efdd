#include "shortrange/neighbour_lists.hpp"

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "shortrange/neighbour_search.hpp"

namespace orrery {
namespace {

/// Coordinates in the order of the cells, for the search.
struct SortedColumns {
  std::array<AlignedVector<double>, 3> axis;

  /// @param first  row that row numbers in `order` count from
  SortedColumns(const PairRows& rows, std::size_t first, const CellOrder& order) {
    const std::size_t count = order.rows.size();
    for (auto& column : axis) {
      column.resize(count + search_slack);
      std::fill(column.begin() + static_cast<std::ptrdiff_t>(count), column.end(), 0.0);
    }
    for (std::size_t place = 0; place < count; ++place) {
      const double* const position = rows.position(first + static_cast<std::size_t>(order.rows[place]));
      for (std::size_t index = 0; index < 3; ++index) axis[index][place] = position[index];
    }
  }
  SearchColumns columns() const { return {axis[0].data(), axis[1].data(), axis[2].data()}; }
};

/// Everything that a search for neighbours looks at.
struct Surroundings {
  const CellGrid& grid;
  const PairRows& rows;
  const CellOrder& owned;
  CellOrder images;
  SortedColumns owned_columns;
  SortedColumns image_columns;
  double reach2;
  FindNear find = best_find_near();
};

/// Calls `visit(first cell, last cell + 1)` for each row of cells around a position.
template <class Visit>
void for_rows_of_cells(const CellGrid& grid, const double* position, const Visit& visit) {
  const std::int64_t x = grid.along(0, position[0]), y = grid.along(1, position[1]),
                     z = grid.along(2, position[2]);
  const std::int64_t first = std::max<std::int64_t>(x - grid.span(0), 0);
  const std::int64_t last = std::min(x + grid.span(0), grid.cells_along(0) - 1);
  for (std::int64_t layer = std::max<std::int64_t>(z - grid.span(2), 0);
       layer <= std::min(z + grid.span(2), grid.cells_along(2) - 1); ++layer) {
    for (std::int64_t row = std::max<std::int64_t>(y - grid.span(1), 0);
         row <= std::min(y + grid.span(1), grid.cells_along(1) - 1); ++row) {
      visit(static_cast<std::size_t>(grid.cell(first, row, layer)),
            static_cast<std::size_t>(grid.cell(last, row, layer)) + 1);
    }
  }
}

/// The neighbours of one particle at a time, found one stretch of candidates after the other.
class Finder {
public:
  Finder(const Surroundings& around, Range share) : around_(around), share_(share) {}

  void find(std::int64_t particle) {
    inside_.count = outside_.count = images_.count = 0;
    const double* const place = around_.rows.position(static_cast<std::size_t>(particle));
    const std::int64_t all = around_.owned.begin.back();
    for_rows_of_cells(around_.grid, place, [&](std::size_t first, std::size_t end) {
      const Range owned{around_.owned.begin[first], around_.owned.begin[end]};
      // The pair with one before this particle stands in that one's list.
      append(around_.owned_columns, overlap(owned, {particle + 1, share_.end}), place, inside_);
      append(around_.owned_columns, overlap(owned, {0, share_.begin}), place, outside_);
      append(around_.owned_columns, overlap(owned, {share_.end, all}), place, outside_);
      append(around_.image_columns, {around_.images.begin[first], around_.images.begin[end]}, place, images_);
    });
  }

  std::size_t inside() const { return inside_.count; }
  std::size_t outside() const { return outside_.count + images_.count; }

  std::int32_t* write_inside(std::int32_t* to) const {
    for (std::size_t index = 0; index < inside_.count; ++index)
      *to++ = static_cast<std::int32_t>(inside_.row[index]);
    return to;
  }
  std::int32_t* write_outside(std::int32_t* to) const {
    for (std::size_t index = 0; index < outside_.count; ++index)
      *to++ = static_cast<std::int32_t>(outside_.row[index]);
    const auto first = static_cast<std::int32_t>(around_.rows.first_image());
    for (std::size_t index = 0; index < images_.count; ++index)
      *to++ = first + around_.images.rows[static_cast<std::size_t>(images_.row[index])];
    return to;
  }

private:
  struct Found {
    std::vector<std::int64_t> row;
    std::size_t count = 0;
  };

  void append(const SortedColumns& columns, Range candidates, const double* place, Found& found) {
    if (candidates.empty()) return;
    const std::size_t most = found.count + static_cast<std::size_t>(candidates.size()) + search_slack;
    if (found.row.size() < most) found.row.resize(2 * most);
    found.count += around_.find(columns.columns(), static_cast<std::size_t>(candidates.begin),
                                static_cast<std::size_t>(candidates.end), place, around_.reach2,
                                found.row.data() + found.count);
  }

  const Surroundings& around_;
  Range share_;
  Found inside_, outside_, images_;
};

}  // namespace

void NeighbourLists::build(const CellGrid& grid, const PairRows& rows, const CellOrder& owned, double reach,
                           std::span<const Range> shares) {
  CellOrder images = order_by_cell(grid, rows.position(rows.first_image()), rows.images());
  SortedColumns image_columns(rows, rows.first_image(), images);
  const Surroundings around{.grid = grid,
                            .rows = rows,
                            .owned = owned,
                            .images = std::move(images),
                            .owned_columns = SortedColumns(rows, 0, owned),
                            .image_columns = std::move(image_columns),
                            .reach2 = reach * reach};
  shares_.resize(shares.size());
  const auto nobody = static_cast<std::int32_t>(rows.nobody());
  const auto padded = [this](std::size_t count) { return (count + lanes_ - 1) / lanes_ * lanes_; };
  // What is thrown must not leave a parallel region.
  std::vector<int> failed(shares.size(), 0);
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(shares.size()))
  for (std::size_t index = 0; index < shares.size(); ++index) {
    try {
      Share& share = shares_[index];
      share.particles = shares[index];
      share.begin.clear();
      share.two_sided.clear();
      share.longest = share.entries = 0;
      Finder finder(around, share.particles);
      std::size_t end = 0;
      for (std::int64_t particle = share.particles.begin; particle < share.particles.end; ++particle) {
        finder.find(particle);
        const auto all = static_cast<std::int64_t>(finder.inside() + finder.outside());
        share.longest = std::max(share.longest, all);
        share.entries += all;
        const std::size_t inside = padded(finder.inside()), outside = padded(finder.outside());
        share.begin.push_back(static_cast<std::int64_t>(end));
        share.two_sided.push_back(static_cast<std::int32_t>(inside));
        if (share.neighbours.size() < end + inside + outside)
          share.neighbours.resize(2 * (end + inside + outside));
        std::int32_t* const at = share.neighbours.data() + end;
        std::fill(finder.write_inside(at), at + inside, nobody);
        std::fill(finder.write_outside(at + inside), at + inside + outside, nobody);
        end += inside + outside;
      }
      share.begin.push_back(static_cast<std::int64_t>(end));
    } catch (const std::bad_alloc&) {
      failed[index] = 1;
    }
  }
  if (std::count(failed.begin(), failed.end(), 1) > 0) throw std::bad_alloc();
}

NeighbourSlice NeighbourLists::slice(std::size_t share) const {
  const Share& found = shares_[share];
  return {.particles = found.particles,
          .begin = found.begin.data(),
          .two_sided = found.two_sided.data(),
          .neighbours = found.neighbours.data()};
}

std::int64_t NeighbourLists::longest() const {
  std::int64_t longest = 0;
  for (const auto& share : shares_) longest = std::max(longest, share.longest);
  return longest;
}

std::int64_t NeighbourLists::entries() const {
  std::int64_t entries = 0;
  for (const auto& share : shares_) entries += share.entries;
  return entries;
}

std::size_t NeighbourLists::bytes() const {
  std::size_t bytes = 0;
  for (const auto& share : shares_) {
    bytes += share.begin.capacity() * sizeof(std::int64_t) +
             (share.two_sided.capacity() + share.neighbours.capacity()) * sizeof(std::int32_t);
  }
  return bytes;
}

}  // namespace orrery
