/// Particles that act on each other on up to 1,000 simulated ranks: the same bits, and what each rank looks
/// at, sends and keeps.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <vector>

#include "bench/growth_model.hpp"
#include "laws/lennard_jones.hpp"
#include "laws/soft_disc.hpp"
#include "simulated_ranks.hpp"
#include "simulation/interacting_motion.hpp"

namespace orrery::test {
namespace {

constexpr double density = 0.8442;

/// A number in (-1, 1) that belongs to a site.
double random(std::int64_t site, std::int64_t which) {
  auto h = static_cast<std::uint64_t>(6 * site + which) * 0x9E3779B97F4A7C15U;
  h = (h ^ (h >> 29)) * 0xBF58476D1CE4E5B9U;
  return static_cast<double>((h ^ (h >> 32)) >> 11) * 0x1p-52 - 1.0;
}

/// Particles at the sites of a simple lattice, each disturbed.
struct Start {
  std::int64_t sites = 0;    ///< along each axis
  double disturbance = 0.0;  ///< at most, of the spacing

  double spacing() const { return std::cbrt(1.0 / density); }
  std::int64_t count() const { return sites * sites * sites; }
  Box box() const {
    const double edge = static_cast<double>(sites) * spacing();
    constexpr auto periodic = Boundary::periodic;
    return {.axes = 3, .lengths = {edge, edge, edge}, .boundary = {periodic, periodic, periodic}};
  }
  RowsById part_of(const Communicator& ranks) const {
    const Range mine = EvenSplit(count(), ranks.size()).part(ranks.rank());
    RowsById rows;
    rows.position.resize(3);
    rows.velocity.resize(3);
    for (std::int64_t site = mine.begin; site < mine.end; ++site) {
      const std::array<std::int64_t, 3> at{site % sites, site / sites % sites, site / sites / sites};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto which = static_cast<std::int64_t>(axis);
        const double place = static_cast<double>(at[axis]) + 0.5 + disturbance * random(site, which);
        rows.position[axis].push_back(place * spacing());
        rows.velocity[axis].push_back(1.5 * random(site, which + 3));
      }
    }
    return rows;
  }
};

/// What the ranks of a run did, added up over them.
struct Outcome {
  std::uint64_t digest = 0;  ///< of all positions and velocities; does not depend on which rank has which
  double energy = 0.0;
  std::int64_t exchanges = 0, list_builds = 0;
  std::int64_t peers = 0, most_peers = 0, messages = 0, bytes = 0, ghosts = 0, tests = 0;
  std::int64_t other_messages = 0;    ///< while evolving, without those with ghosts
  std::int64_t most_table_bytes = 0;  ///< that a rank got from collective calls while evolving
};

std::uint64_t digest_of(const RowsById& rows, std::int64_t first) {
  std::uint64_t digest = 0;
  for (const auto* columns : {&rows.position, &rows.velocity}) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto& column = (*columns)[axis];
      for (std::size_t row = 0; row < column.size(); ++row) {
        const std::uint64_t place = 3 * (static_cast<std::uint64_t>(first) + row) + axis;
        const std::uint64_t h = (std::bit_cast<std::uint64_t>(column[row]) ^ place) * 0x9E3779B97F4A7C15U;
        digest += h ^ (h >> 31);
      }
    }
  }
  return digest;
}

Outcome run(int rank_count, const PairLaw& law, const Start& start, double skin, std::int64_t steps) {
  Outcome all;
  const MotionSettings settings{.step = 0.004, .skin = skin, .balance = false};
  run_on_simulated_ranks(rank_count, [&](const Communicator& ranks) {
    InteractingMotion motion(ranks, law, start.box(), settings, start.count());
    motion.begin(start.part_of(ranks));
    const SentByRank before = sent_so_far();
    const std::int64_t ghost_messages = motion.exchanged().messages;
    motion.evolve({0, steps}, [](std::int64_t) {});
    const SentByRank after = sent_so_far();
    all.other_messages += after.messages - before.messages - (motion.exchanged().messages - ghost_messages);
    all.most_table_bytes = std::max(all.most_table_bytes, after.collective_bytes - before.collective_bytes);
    all.digest +=
        digest_of(motion.rows_by_id(), EvenSplit(start.count(), ranks.size()).part(ranks.rank()).begin);
    all.energy = motion.measure().potential_energy;
    const ExchangeCounts& counts = motion.exchanged();
    all.exchanges = counts.exchanges;
    all.list_builds = counts.set_ups;
    all.peers += counts.peers;
    all.most_peers = std::max(all.most_peers, counts.peers / counts.exchanges);
    all.messages += counts.messages;
    all.bytes += counts.bytes;
    all.ghosts += counts.ghosts;
    all.tests += counts.tests;
  });
  return all;
}

double ratio(std::int64_t a, std::int64_t b) {
  return static_cast<double>(a) / static_cast<double>(b);
}

TEST(ManyRanks, HaveTheSameBitsAsOne) {
  const LennardJonesLaw law;
  const Start start{.sites = 40, .disturbance = 0.05};
  const Outcome one = run(1, law, start, 0.1, 12);
  EXPECT_EQ(one.messages, 0);
  EXPECT_GT(one.list_builds, 1) << "particles migrate";
  for (const int ranks : {8, 64, 216, 1000}) {
    const Outcome many = run(ranks, law, start, 0.1, 12);
    EXPECT_EQ(many.digest, one.digest) << ranks;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(many.energy), std::bit_cast<std::uint64_t>(one.energy)) << ranks;
  }
}

/// Of 512 particles on each rank, in regions three times as long as particles see, at random as in a gas.
/// Prints the table of docs/performance.md.
TEST(ManyRanks, EachLookAtSendAndKeepAsMuchHoweverManyThereAre) {
  constexpr std::int64_t steps = 25;
  const SoftDiscLaw law({.stiffness = 1.0, .diameter = 2.5});
  std::printf(
      "| ranks | tests | peers, most | messages | other messages | KiB | ghosts | by the model | tables |\n"
      "|---|---|---|---|---|---|---|---|---|\n");
  for (const std::int64_t side : {2, 4, 6, 10}) {
    const std::int64_t ranks = side * side * side;
    const Start start{.sites = 8 * side, .disturbance = 1.0};
    const std::int64_t particles = start.count();
    const Outcome found = run(static_cast<int>(ranks), law, start, 0.3, steps);
    const GrowthEstimate model =
        estimate({.particles = static_cast<double>(particles), .ranks = static_cast<double>(ranks)},
                 {.atom_steps_per_second = 1.0});
    const std::int64_t of_ranks = ranks * found.exchanges, builds = found.list_builds - 1;
    ASSERT_GE(builds, 1);
    constexpr std::int64_t vote_bytes = 16;
    const double tests = ratio(found.tests, particles * found.list_builds);
    const double peers = ratio(found.peers, of_ranks), messages = ratio(found.messages, of_ranks);
    const double ghosts = ratio(found.ghosts, particles * found.exchanges);
    const double ghosts_by_model = model.images / model.particles;
    const double tables = ratio(found.most_table_bytes - vote_bytes * steps, builds);
    std::printf("| %ld | %.1f | %.1f, %ld | %.1f | %.1f | %.1f | %.2f | %.2f | %.0f |\n",
                static_cast<long>(ranks), tests, peers, static_cast<long>(found.most_peers), messages,
                ratio(found.other_messages, ranks * builds), ratio(found.bytes, of_ranks) / 1024.0, ghosts,
                ghosts_by_model, tables);
    // Regions that touch at faces, edges and corners, and some more, as corners do not meet.
    EXPECT_LE(peers, 30.0) << ranks;
    EXPECT_LE(found.most_peers, 45) << ranks;
    EXPECT_LE(tests, peers + 3.0) << ranks;
    EXPECT_LE(messages, peers) << ranks;
    EXPECT_EQ(found.bytes, 24 * found.ghosts) << ranks;
    EXPECT_NEAR(ghosts, ghosts_by_model, 0.25 * ghosts_by_model) << ranks;
    // A box and a count for each rank.
    EXPECT_LE(tables, 56.0 * static_cast<double>(ranks) + 256.0) << ranks;
  }
}

}  // namespace
}  // namespace orrery::test
