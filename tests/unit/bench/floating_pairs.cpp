#include "bench/floating_pairs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "bench/sums_timing.hpp"
#include "core/aligned_vector.hpp"
#include "core/even_split.hpp"
#include "core/instruction_set.hpp"
#include "laws/lennard_jones.hpp"
#include "shortrange/pair_forces.hpp"

namespace orrery {
namespace {

constexpr std::int64_t sites = 7;  // along each axis
constexpr double spacing = 1.1;

/// A drop of liquid without images, in the order of cells.
struct Drop {
  LennardJonesLaw law;
  PairForces forces{law};
  PairRows rows;
  NeighbourLists lists = forces.lists();

  explicit Drop(int shares) {
    std::mt19937_64 random(13);
    std::vector<double> own;
    for (std::int64_t site = 0; site < sites * sites * sites; ++site) {
      for (const std::int64_t at : {site % sites, site / sites % sites, site / sites / sites}) {
        const double off = 0.2 * (static_cast<double>(random() >> 11) * 0x1p-53 - 0.5);
        own.push_back(spacing * (static_cast<double>(at) + off));
      }
      own.push_back(0.0);
    }
    const std::size_t count = own.size() / PairRows::width;
    const double reach = forces.cutoff() + 0.3;
    const CellGrid grid(Bounds::of_rows(own.data(), count), reach, count);
    CellOrder order = order_by_cell(grid, own.data(), count);
    rows.resize_owned(count, static_cast<std::size_t>(shares));
    for (std::size_t row = 0; row < count; ++row)
      std::copy_n(own.data() + PairRows::width * static_cast<std::size_t>(order.rows[row]), PairRows::width,
                  rows.position(row));
    std::iota(order.rows.begin(), order.rows.end(), 0);
    rows.resize_images(0);
    std::vector<Range> ranges;
    ranges.reserve(static_cast<std::size_t>(shares));
    for (int share = 0; share < shares; ++share)
      ranges.push_back(EvenSplit(static_cast<std::int64_t>(count), shares).part(share));
    lists.build(grid, rows, order, reach, ranges);
  }

  std::vector<double> exact_forces() {
    EXPECT_TRUE(forces.compute(rows, lists));
    std::vector<double> found;
    for (std::size_t row = 0; row < rows.owned(); ++row)
      for (std::size_t axis = 0; axis < 3; ++axis)
        found.push_back(
            forces.force_unit().value(unbiased(rows.force(row), axis, forces.force_unit().bias())));
    return found;
  }

  std::vector<double> floating_forces() const {
    AlignedVector<double> force(PairRows::width * rows.first_image());
    std::fill(force.begin(), force.end(), 0.0);
    const FloatingPairJob job{.position = rows.position(0),
                              .force = force.data(),
                              .constants = law.constants(),
                              .force_unit = {},
                              .energy_unit = {}};
    for (std::size_t share = 0; share < lists.shares(); ++share) add_floating_forces(job, lists.slice(share));
    std::vector<double> found;
    for (std::size_t row = 0; row < rows.owned(); ++row)
      for (std::size_t axis = 0; axis < 3; ++axis) found.push_back(force[PairRows::width * row + axis]);
    return found;
  }
};

TEST(FloatingPairs, ComeToTheForcesOfARunButForRoundings) {
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    for (const int shares : {1, 2}) {  // with two, some pairs are seen from one side
      Drop drop(shares);
      const std::vector<double> exact = drop.exact_forces(), floating = drop.floating_forces();
      ASSERT_EQ(exact.size(), floating.size());
      double largest = 0.0;
      for (std::size_t i = 0; i < exact.size(); ++i) {
        // Terms are up to some tens: where they cancel, the sum is no better than they are.
        EXPECT_NEAR(floating[i], exact[i], 1e-9 * std::max(1.0, std::abs(exact[i])))
            << set << ", " << shares << " shares, number " << i;
        largest = std::max(largest, std::abs(exact[i]));
      }
      EXPECT_GT(largest, 10.0);
      // Were both the same bits, it would not be floating-point numbers that are summed.
      EXPECT_NE(floating, exact) << set;
    }
  }
  choose_instruction_set("auto");
}

TEST(SumsTiming, TimesBothInTurns) {
  const Drop drop(1);
  const SumsTiming timing = time_sums(drop.law, drop.rows, drop.lists);
  EXPECT_GE(timing.turns, 5);
  EXPECT_LE(timing.turns, 51);
  EXPECT_GT(timing.exact_ns, 0.0);
  EXPECT_GT(timing.floating_ns, 0.0);
  EXPECT_LE(timing.ratio.least, timing.ratio.median);
  EXPECT_LE(timing.ratio.median, timing.ratio.most);
  EXPECT_DOUBLE_EQ(timing.cost(), timing.ratio.median - 1.0);
}

}  // namespace
}  // namespace orrery
