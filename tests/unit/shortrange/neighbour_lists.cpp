#include "shortrange/neighbour_lists.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "core/even_split.hpp"
#include "core/instruction_set.hpp"
#include "shortrange/mixed_pair_kernels.hpp"
#include "shortrange/work_shares.hpp"

namespace orrery {
namespace {

using Pair = std::pair<std::int32_t, std::int32_t>;

/// Own particles in a box far from the origin, in the order of their cells, and mirrored and other images
/// beside it.
struct Place {
  static constexpr std::size_t mirrored = 40, images = 90;
  PairRows rows;
  CellOrder order;
  CellGrid grid;

  Place(std::size_t count, double edge, double reach, int shares) {
    std::mt19937_64 random(3);
    const auto somewhere = [&](double low) {
      return 1e6 + low + edge * static_cast<double>(random() >> 11) * 0x1p-53;
    };
    std::vector<double> own;
    for (std::size_t row = 0; row < count; ++row)
      own.insert(own.end(), {somewhere(0.0), somewhere(0.0), somewhere(0.0), 0.0});
    grid = CellGrid(Bounds::of_rows(own.data(), count), reach, count);
    order = order_by_cell(grid, own.data(), count);
    rows.resize_owned(count, static_cast<std::size_t>(shares));
    for (std::size_t row = 0; row < count; ++row)
      std::copy_n(own.data() + 4 * static_cast<std::size_t>(order.rows[row]), 4, rows.position(row));
    std::iota(order.rows.begin(), order.rows.end(), 0);
  }

  void add_images(bool with_mirrored, std::size_t remote = 0) {
    std::mt19937_64 random(5);
    std::vector<std::int32_t> from(with_mirrored ? mirrored : 0);
    for (auto& row : from) row = static_cast<std::int32_t>(random() % rows.owned());
    rows.resize_images(images, from, remote);
    for (std::size_t image = 0; image < images; ++image) {
      double* const to = rows.position(rows.first_image() + image);
      std::copy_n(rows.position(random() % rows.owned()), 4, to);
      to[image % 3] += image % 2 == 0 ? 3.0 : -3.0;
    }
  }
};

/// All that lists of one share hold.
std::vector<std::int32_t> entries_of(const NeighbourLists& lists) {
  const NeighbourSlice slice = lists.slice(0);
  return {slice.neighbours, slice.neighbours + slice.begin[slice.particles.end]};
}

TEST(NeighbourLists, AreTheSameWhereTheyAreTooLongForACache) {
  const double reach = 5.6, edge = 18.0;
  Place place(10000, edge, reach, 1);
  const std::vector<Range> all{{0, static_cast<std::int64_t>(place.rows.owned())}};
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    NeighbourLists lists(mixed_pair_kernels("lennard-jones", 0).lanes, Pairing::both_ways);
    lists.build(place.grid, place.rows, place.order, reach, all);
    const std::vector<std::int32_t> found = entries_of(lists);
    ASSERT_GT(found.size() * sizeof(std::int32_t), std::size_t{16} << 20);
    // Only the second time is it known how long they are.
    lists.build(place.grid, place.rows, place.order, reach, all);
    EXPECT_TRUE(entries_of(lists) == found) << set;
  }
  choose_instruction_set("auto");
}

TEST(NeighbourLists, HoldEveryPairWithinReachOnceForEachShareOfIt) {
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    for (const double edge : {2.0, 9.0, 60.0}) {
      for (const int shares : {1, 3}) {
        const double reach = 2.8;
        Place place(300, edge, reach, shares);
        place.add_images(shares == 1);
        const auto owned = static_cast<std::int32_t>(place.rows.owned());
        const auto first_image = static_cast<std::int32_t>(place.rows.first_image());
        std::vector<Range> ranges;
        for (int share = 0; share < shares; ++share) ranges.push_back(EvenSplit(owned, shares).part(share));
        NeighbourLists lists(8);
        lists.build(place.grid, place.rows, place.order, reach, ranges);
        std::multiset<Pair> listed, needed;
        for (std::size_t share = 0; share < lists.shares(); ++share) {
          const NeighbourSlice slice = lists.slice(share);
          const auto is_inside = [&](std::int64_t row) {
            return row >= slice.particles.begin && row < slice.particles.end;
          };
          for (std::int64_t row = slice.particles.begin; row < slice.particles.end; ++row) {
            const std::int64_t entry = row - slice.particles.begin;
            for (std::int64_t at = slice.begin[entry]; at < slice.begin[entry + 1]; ++at) {
              const auto other = static_cast<std::int32_t>(PairRows::row_at(slice.neighbours[at]));
              if (place.rows.is_padding(static_cast<std::size_t>(other))) continue;
              const bool is_two_sided = at < slice.begin[entry] + slice.two_sided[entry];
              const bool feels_it = is_inside(other) ||
                                    (place.rows.mirrored() > 0 && other >= first_image &&
                                     other < first_image + static_cast<std::int32_t>(place.rows.mirrored()));
              EXPECT_EQ(is_two_sided, feels_it);
              const double* const a = place.rows.position(static_cast<std::size_t>(row));
              const double* const b = place.rows.position(static_cast<std::size_t>(other));
              const double d2 = Bounds{{a[0], a[1], a[2]}, {a[0], a[1], a[2]}}.distance2(
                  {{b[0], b[1], b[2]}, {b[0], b[1], b[2]}});
              ASSERT_LT(d2, reach * reach * 1.001);
              if (d2 < reach * reach)
                listed.insert(is_inside(other) ? std::minmax({static_cast<std::int32_t>(row), other})
                                               : Pair(row, other));
            }
          }
          const auto last = static_cast<std::int32_t>(place.rows.first_image() + place.rows.images());
          for (auto row = static_cast<std::int32_t>(slice.particles.begin); row < slice.particles.end;
               ++row) {
            for (std::int32_t other = 0; other < last; ++other) {
              if (place.rows.is_padding(static_cast<std::size_t>(other)) || other == row ||
                  (is_inside(other) && other < row))
                continue;
              const double* const a = place.rows.position(static_cast<std::size_t>(row));
              const double* const b = place.rows.position(static_cast<std::size_t>(other));
              const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
              if (x * x + y * y + z * z < reach * reach) needed.insert({row, other});
            }
          }
        }
        EXPECT_EQ(listed, needed) << set << ", edge " << edge << ", shares " << shares;
      }
    }
  }
  choose_instruction_set("auto");
}

TEST(NeighbourLists, HoldEveryPairInBothListsWherePairsStandBothWays) {
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    for (const double edge : {2.0, 9.0, 60.0}) {
      for (const int shares : {1, 3}) {
        const double reach = 2.8;
        Place place(300, edge, reach, shares);
        place.add_images(false);
        std::vector<Range> ranges;
        for (int share = 0; share < shares; ++share) ranges.push_back(EvenSplit(300, shares).part(share));
        NeighbourLists lists(8, Pairing::both_ways);
        lists.build(place.grid, place.rows, place.order, reach, ranges);
        std::multiset<Pair> listed, needed;
        for (std::size_t share = 0; share < lists.shares(); ++share) {
          const NeighbourSlice slice = lists.slice(share);
          for (std::int64_t row = slice.particles.begin; row < slice.particles.end; ++row) {
            const std::int64_t entry = row - slice.particles.begin;
            EXPECT_EQ(slice.two_sided[entry], 0);
            EXPECT_LT(slice.begin[entry], slice.begin[entry + 1]);
            for (std::int64_t at = slice.begin[entry]; at < slice.begin[entry + 1]; ++at) {
              const std::size_t other = PairRows::row_at(slice.neighbours[at]);
              if (!place.rows.is_padding(other))
                listed.insert({static_cast<std::int32_t>(row), static_cast<std::int32_t>(other)});
            }
          }
        }
        const std::size_t last = place.rows.first_image() + place.rows.images();
        for (std::size_t row = 0; row < place.rows.owned(); ++row) {
          for (std::size_t other = 0; other < last; ++other) {
            if (place.rows.is_padding(other) || other == row) continue;
            const double* const a = place.rows.position(row);
            const double* const b = place.rows.position(other);
            const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
            if (x * x + y * y + z * z < reach * reach)
              needed.insert({static_cast<std::int32_t>(row), static_cast<std::int32_t>(other)});
          }
        }
        EXPECT_TRUE(std::includes(listed.begin(), listed.end(), needed.begin(), needed.end()))
            << set << ", edge " << edge << ", shares " << shares;
        EXPECT_LE(listed.size(), needed.size() + 4);  // those that roundings let in
      }
    }
  }
  choose_instruction_set("auto");
}

bool has_remote(const NeighbourSlice& slice, std::int64_t row, const PairRows& rows) {
  const std::int64_t entry = row - slice.particles.begin;
  const std::int32_t first = PairRows::place(rows.first_remote());
  return std::any_of(slice.neighbours + slice.begin[entry], slice.neighbours + slice.begin[entry + 1],
                     [first](std::int32_t place) { return place >= first; });
}

/// Particles of the parts of a share.
struct Parts {
  std::int64_t interior = 0;
  std::int64_t border = 0;
};

/// Whether every particle of a share is in one part, and in the right one.
Parts expect_parts(const NeighbourLists& lists, std::size_t share, const PairRows& rows) {
  constexpr std::int64_t shortest_run = 16;
  const NeighbourSlice all = lists.slice(share);
  std::vector<std::int64_t> seen, expected(static_cast<std::size_t>(all.particles.size()));
  std::iota(expected.begin(), expected.end(), all.particles.begin);
  Parts parts;
  for (const Range run : lists.runs(share, PairPart::interior)) {
    EXPECT_TRUE(run.size() >= shortest_run || run.size() == all.particles.size());
    for (std::int64_t row = run.begin; row < run.end; ++row, ++parts.interior) {
      seen.push_back(row);
      EXPECT_FALSE(has_remote(all, row, rows)) << row;
    }
  }
  for (const Range run : lists.runs(share, PairPart::border)) {
    const NeighbourSlice part = lists.slice(share, run);
    std::int64_t since_last = 0;
    for (std::int64_t row = run.begin; row < run.end; ++row, ++parts.border) {
      seen.push_back(row);
      EXPECT_EQ(part.begin[row - run.begin], all.begin[row - all.particles.begin]);
      EXPECT_EQ(part.two_sided[row - run.begin], all.two_sided[row - all.particles.begin]);
      since_last = has_remote(all, row, rows) ? 0 : since_last + 1;
      EXPECT_LT(since_last, shortest_run) << row;
    }
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen, expected);
  return parts;
}

TEST(NeighbourLists, PartThoseNearAwaitedImagesFromTheOthers) {
  Parts all;
  for (const double edge : {2.0, 9.0, 30.0}) {
    for (const int shares : {1, 3}) {
      for (const std::size_t remote : {std::size_t{0}, std::size_t{4}, Place::images - Place::mirrored}) {
        Place place(1200, edge, 2.8, shares);
        place.add_images(shares == 1, remote);
        std::vector<Range> ranges;
        for (int share = 0; share < shares; ++share) ranges.push_back(EvenSplit(1200, shares).part(share));
        NeighbourLists lists(8);
        lists.build(place.grid, place.rows, place.order, 2.8, ranges);
        for (std::size_t share = 0; share < lists.shares(); ++share) {
          const Parts parts = expect_parts(lists, share, place.rows);
          EXPECT_TRUE(remote > 0 || parts.border == 0);
          all.interior += parts.interior;
          all.border += parts.border;
        }
      }
    }
  }
  EXPECT_GT(all.interior, 12 * 1200 / 2);
  EXPECT_GT(all.border, 1200);
}

/// How many more entries the share with most has than shares have on average.
double unevenness(const NeighbourLists& lists) {
  std::int64_t most = 0;
  for (std::size_t share = 0; share < lists.shares(); ++share) most = std::max(most, lists.entries(share));
  return static_cast<double>(most) * static_cast<double>(lists.shares()) /
         static_cast<double>(lists.entries());
}

struct Unevenness {
  double by_number;
  double by_work;
};

/// Particles in a periodic box of edge 20, of which some are in a corner of edge 4.
Unevenness unevenness_with(std::size_t in_corner, std::size_t elsewhere, int shares) {
  constexpr double edge = 20.0, corner = 4.0, reach = 2.0;
  std::mt19937_64 random(17);
  std::vector<double> own, images;
  for (std::size_t particle = 0; particle < in_corner + elsewhere; ++particle) {
    const double size = particle < in_corner ? corner : edge;
    for (int axis = 0; axis < 3; ++axis) own.push_back(size * static_cast<double>(random() >> 11) * 0x1p-53);
    own.push_back(0.0);
  }
  const std::size_t count = in_corner + elsewhere;
  const CellGrid grid(Bounds::of_rows(own.data(), count), reach, count);
  CellOrder order = order_by_cell(grid, own.data(), count);
  PairRows rows;
  rows.resize_owned(count, static_cast<std::size_t>(shares));
  for (std::size_t row = 0; row < count; ++row) {
    std::copy_n(own.data() + 4 * static_cast<std::size_t>(order.rows[row]), 4, rows.position(row));
    for (int image = 0; image < 27; ++image) {
      std::array<double, 4> place{};
      const std::array<int, 3> times{image % 3 - 1, image / 3 % 3 - 1, image / 9 - 1};
      bool is_near = times != std::array{0, 0, 0};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        place[axis] = rows.position(row)[axis] + times[axis] * edge;
        is_near = is_near && place[axis] > -reach && place[axis] < edge + reach;
      }
      if (is_near) images.insert(images.end(), place.begin(), place.end());
    }
  }
  rows.resize_images(images.size() / 4);
  std::copy(images.begin(), images.end(), rows.position(rows.first_image()));
  std::iota(order.rows.begin(), order.rows.end(), 0);
  std::vector<Range> ranges;
  for (int share = 0; share < shares; ++share)
    ranges.push_back(EvenSplit(static_cast<std::int64_t>(count), shares).part(share));
  NeighbourLists lists(8);
  lists.build(grid, rows, order, reach, ranges);
  const double by_number = unevenness(lists);
  lists.build(grid, rows, order, reach, cut_by_work(grid, order, shares));
  std::int64_t end = 0;
  for (std::size_t share = 0; share < lists.shares(); ++share) {
    EXPECT_EQ(lists.slice(share).particles.begin, end);
    end = lists.slice(share).particles.end;
  }
  EXPECT_EQ(end, static_cast<std::int64_t>(count));
  EXPECT_EQ(lists.shares(), static_cast<std::size_t>(shares));
  return {by_number, unevenness(lists)};
}

TEST(NeighbourLists, HaveSharesOfAboutAsManyEntries) {
  for (const int shares : {2, 4, 7}) {
    const Unevenness blob = unevenness_with(3000, 3000, shares);
    const Unevenness corner = unevenness_with(4000, 0, shares);
    const Unevenness even = unevenness_with(0, 8000, shares);
    EXPECT_GT(blob.by_number, 1.8) << shares;
    EXPECT_LT(blob.by_work, 1.25) << shares;
    EXPECT_LE(corner.by_work, corner.by_number) << shares;
    EXPECT_LT(corner.by_work, 1.25) << shares;
    EXPECT_EQ(even.by_work, even.by_number) << shares;
  }
}

TEST(NeighbourLists, CountNeighboursOnBothSidesOfPairs) {
  // On a line, 1800 on either side of those in the middle, half of which each list holds.
  constexpr std::size_t count = 5000, either_side = 1800;
  const double reach = 2.8, spacing = reach / (either_side + 0.5);
  PairRows rows;
  rows.resize_owned(count, 5);
  for (std::size_t row = 0; row < count; ++row) {
    std::fill_n(rows.position(row), 4, 0.0);
    rows.position(row)[0] = spacing * static_cast<double>(row);
  }
  const CellGrid grid(Bounds::of_rows(rows.position(0), count), reach, count);
  const CellOrder order = order_by_cell(grid, rows.position(0), count);
  for (const int shares : {1, 2, 5}) {
    std::vector<Range> ranges;
    for (int share = 0; share < shares; ++share) ranges.push_back(EvenSplit(count, shares).part(share));
    NeighbourLists lists(4);
    lists.build(grid, rows, order, reach, ranges);
    EXPECT_EQ(lists.most_neighbours(rows), 2 * either_side) << shares;
    NeighbourLists both_ways(4, Pairing::both_ways);
    both_ways.build(grid, rows, order, reach, ranges);
    EXPECT_EQ(both_ways.most_neighbours(rows), 2 * either_side) << shares;
  }
}

}  // namespace
}  // namespace orrery
