#include "domain/ghost_exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "core/even_split.hpp"
#include "laws/soft_disc.hpp"
#include "shortrange/pair_forces.hpp"
#include "world.hpp"

namespace orrery::test {
namespace {

constexpr double edge = 16.0;
constexpr Periods periods{edge, edge, edge};

/// How particles are spread over the ranks.
enum class Spread { slabs, at_random, all_on_the_last };

double on_grid(double coordinate) {
  return std::round(coordinate * 0x1p40) * 0x1p-40;
}

/// This rank's own particles, with images of all ranks.
class Rank {
public:
  Rank(Spread spread, int shares, double reach, const NeighbourLists& lists)
      : ghosts_(world(), shares), lists_(lists) {
    std::vector<double> own;
    std::mt19937_64 random(11);
    const auto uniform = [&random] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    for (int particle = 0; particle < 8000; ++particle) {
      const std::array<double, 3> place{on_grid(edge * uniform()), on_grid(edge * uniform()),
                                        on_grid(edge * uniform())};
      const double where = spread == Spread::slabs ? place[1] / edge : uniform();
      const int rank =
          spread == Spread::all_on_the_last ? world().size() - 1 : static_cast<int>(where * world().size());
      if (rank == world().rank()) own.insert(own.end(), {place[0], place[1], place[2], 0.0});
    }
    const std::size_t count = own.size() / PairRows::width;
    const CellGrid grid(Bounds::of_rows(own.data(), count), reach, count);
    CellOrder order = order_by_cell(grid, own.data(), count);
    rows_.resize_owned(count, static_cast<std::size_t>(shares));
    for (std::size_t row = 0; row < count; ++row)
      std::copy_n(own.data() + PairRows::width * static_cast<std::size_t>(order.rows[row]), PairRows::width,
                  rows_.position(row));
    std::iota(order.rows.begin(), order.rows.end(), 0);
    ghosts_.set_up(rows_, periods, reach, shares == 1 ? OwnImages::mirrored : OwnImages::all);
    ghosts_.update(rows_);
    std::vector<Range> ranges;
    for (int share = 0; share < shares; ++share)
      ranges.push_back(EvenSplit(static_cast<std::int64_t>(count), shares).part(share));
    lists_.build(grid, rows_, order, reach, ranges);
  }

  /// Moves all particles a little, the same way on every rank. Images stay behind.
  void move() {
    for (std::size_t row = 0; row < rows_.owned(); ++row) {
      double* const p = rows_.position(row);
      const std::array<double, 3> before{p[0], p[1], p[2]};
      for (std::size_t axis = 0; axis < 3; ++axis)
        p[axis] = on_grid(p[axis] + 0.05 * std::sin(40.0 * before[(axis + 1) % 3]));
    }
  }

  void forget_remote() {
    std::fill_n(rows_.position(rows_.first_remote()), PairRows::width * rows_.remote(),
                std::numeric_limits<double>::quiet_NaN());
  }

  std::vector<std::int64_t> forces() const {
    return {rows_.force(0), rows_.force(0) + PairRows::width * rows_.owned()};
  }

  std::int64_t interior() const {
    std::int64_t count = 0;
    for (std::size_t share = 0; share < lists_.shares(); ++share)
      for (const Range run : lists_.runs(share, PairPart::interior)) count += run.size();
    return count;
  }

  PairRows rows_;
  GhostExchange ghosts_;
  NeighbourLists lists_;
};

TEST(GhostExchange, BringsImagesWhileForcesThatNeedNoneAreComputed) {
  const SoftDiscLaw law({.stiffness = 80.0, .diameter = 1.3});
  PairForces forces(law);
  for (const Spread spread : {Spread::slabs, Spread::at_random, Spread::all_on_the_last}) {
    for (const int shares : {1, 2, 3}) {
      const std::string what =
          "spread " + std::to_string(static_cast<int>(spread)) + ", shares " + std::to_string(shares);
      Rank mine(spread, shares, forces.cutoff() + 0.3, forces.lists());
      EXPECT_TRUE(world().size() > 1 || mine.rows_.remote() == 0) << what;
      EXPECT_TRUE(spread != Spread::slabs || world().size() > 4 || mine.interior() > 8000 / 20) << what;
      for (int step = 0; step < 3; ++step) {
        mine.move();
        mine.forget_remote();
        mine.ghosts_.start(mine.rows_);
        const GhostsUnderWay ghosts{.test = [&] { return mine.ghosts_.test(); },
                                    .wait_ready = [&] { mine.ghosts_.wait_ready(); }};
        const PairTotals found =
            forces.compute_meanwhile(mine.rows_, mine.lists_, PairSums::forces_and_totals, ghosts);
        mine.ghosts_.finish();
        EXPECT_TRUE(mine.ghosts_.test()) << what;
        const std::vector<std::int64_t> found_forces = mine.forces();
        const PairTotals expected = forces.compute_totals(mine.rows_, mine.lists_);
        EXPECT_TRUE(found.energy == expected.energy && found.virial == expected.virial) << what;
        EXPECT_TRUE(found.in_range) << what;
        EXPECT_EQ(found_forces == mine.forces(), true) << what;
        // Momentum over all ranks: every image is where its particle is.
        std::array<std::int64_t, 3> sum{};
        for (std::size_t row = 0; row < mine.rows_.owned(); ++row)
          for (std::size_t axis = 0; axis < 3; ++axis)
            sum[axis] += unbiased(mine.rows_.force(row), axis, forces.force_unit().bias());
        world().sum(sum);
        EXPECT_EQ(sum, (std::array<std::int64_t, 3>{})) << what;
      }
    }
  }
}

}  // namespace
}  // namespace orrery::test
