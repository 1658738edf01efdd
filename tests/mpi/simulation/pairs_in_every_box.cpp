/// Every law in every box, on any number of ranks, against all pairs.

#include <algorithm>
#include <optional>
#include <span>

#include "tried_motion.hpp"

namespace orrery::test {
namespace {

/// This rank's group where the first `size` ranks are one and the others another. Collective.
std::optional<Communicator> group_of(int size) {
  return world().split(world().rank() < size ? 0 : 1);
}

/// On 1 to 8 ranks, some of them at the same time, with images mirrored (one thread) and not (two).
/// @param one_of  how many it takes of all each time, others the next time
void expect_the_plain_end_on_any_ranks(std::vector<Tried> all, std::size_t one_of = 1) {
  compute_ends(all);
  for (int size = world().size() / 2; size <= world().size(); ++size) {
    const auto ranks = group_of(size);
    for (std::size_t index = static_cast<std::size_t>(size) % one_of; index < all.size(); index += one_of) {
      const int threads = 1 + static_cast<int>(index / one_of + index + static_cast<std::size_t>(size)) % 2;
      expect_the_plain_end(all[index], *ranks, {.skin = index % 3 == 0 ? 0.1 : 0.3, .threads = threads});
    }
  }
}

std::vector<Box> boxes() {
  constexpr std::array kinds{periodic, reflect, open};
  std::vector<Box> boxes;
  for (const Boundary x : kinds)
    for (const Boundary y : kinds) boxes.push_back(box_of(2, 12.0, {x, y, periodic}));
  for (const Boundary x : kinds)
    for (const Boundary y : kinds)
      for (const Boundary z : kinds) boxes.push_back(box_of(3, 5.5, {x, y, z}));
  return boxes;
}

TEST(InteractingMotion, IsThatOfAllPairsInEveryBox) {
  for (const TriedLaw& law : laws()) {
    std::vector<Tried> all;
    for (const Box& box : boxes())
      all.push_back(tried(law, box,
                          disturbed_lattice(box, box.axes == 2 ? 11 : 5, grids_of(*law.law, box), 7), 12,
                          "lattice"));
    expect_the_plain_end_on_any_ranks(std::move(all), 2);
  }
}

/// Kicks were chosen such that they are forces, so that these add up to nothing if those do.
TEST(InteractingMotion, HasForcesThatAddUpToNothingWhereAllIsPeriodic) {
  const std::vector<TriedLaw> all_laws = laws();
  for (const TriedLaw& law : all_laws) {
    for (const int axes : {2, 3}) {
      const Box box = box_of(axes, 5.5, {periodic, periodic, periodic});
      const PlainPairs::Grids grids = grids_of(*law.law, box);
      const Tried each = tried(law, box, disturbed_lattice(box, 5, grids, 7), 30, "lattice");
      InteractingMotion motion(world(), *law.law, box,
                               {.step = time_step, .mass = Masses{each.mass}, .skin = 0.2},
                               std::ssize(each.start.position));
      motion.begin(part_of(each.start, world()));
      const auto momentum = [&] {
        std::array<std::int64_t, 3> sum{};
        const RowsById rows = motion.rows_by_id();
        for (std::size_t axis = 0; axis < 3; ++axis)
          for (const double v : rows.velocity[axis])
            sum[axis] += std::llrint(std::ldexp(v * time_step, grids.displacement));
        world().sum(sum);
        return sum;
      };
      const auto before = momentum();
      const RowsById first = motion.rows_by_id();
      motion.evolve({0, each.steps}, [](std::int64_t) {});
      EXPECT_EQ(momentum(), before) << each.name;
      std::int64_t changed = differences(first, motion.rows_by_id());
      world().sum(std::span(&changed, 1));
      EXPECT_GT(changed, each.steps) << each.name;
    }
  }
}

/// The bits of all particles, on all ranks of a group.
std::vector<double> all_of(const RowsById& rows, const Communicator& ranks) {
  std::vector<double> all;
  for (const auto* columns : {&rows.position, &rows.velocity}) {
    for (const auto& column : *columns) {
      std::vector<double> whole = ranks.gather(std::span<const double>(column));
      ranks.push(whole);
      all.insert(all.end(), whole.begin(), whole.end());
    }
  }
  return all;
}

TEST(InteractingMotion, HasTheSameBitsInABathOnAnyRanks) {
  const std::vector<TriedLaw> all_laws = laws();
  const auto own = world().split(world().rank());
  for (const Box& box : boxes()) {
    const TriedLaw& law = all_laws[box.axes == 2 ? 4 : 2];
    const PlainPairs::Grids grids = grids_of(*law.law, box);
    const Tried each = tried(law, box, disturbed_lattice(box, box.axes == 2 ? 11 : 5, grids, 7), 20, "bath");
    const auto end_on = [&](const Communicator& ranks, int threads, double skin) {
      InteractingMotion motion(ranks, *law.law, box,
                               {.step = time_step,
                                .mass = Masses{each.mass},
                                .skin = skin,
                                .threads = threads,
                                .bath = Bath{.temperature = 0.8, .friction = 3.0, .seed = 11}},
                               std::ssize(each.start.position));
      motion.begin(part_of(each.start, ranks));
      motion.evolve({0, each.steps}, [](std::int64_t) {});
      return all_of(motion.rows_by_id(), ranks);
    };
    const std::vector<double> expected = end_on(*own, 1, 0.3);
    const auto some = group_of(5);
    for (const auto& found : {end_on(*some, 1, 0.1), end_on(world(), 2, 0.3)}) {
      EXPECT_TRUE(std::equal(expected.begin(), expected.end(), found.begin(), found.end(), same_bits))
          << each.name;
    }
  }
}

/// Particles that stream from end to end: whoever is where, ranks come and go out of work.
TEST(InteractingMotion, IsThatOfAllPairsForAStream) {
  std::vector<Tried> all;
  const auto law = std::move(laws()[4]);
  for (const auto& boundary :
       {std::array{periodic, reflect, periodic}, {reflect, reflect, reflect}, {open, periodic, open}}) {
    for (const int axes : {2, 3}) {
      Box box = box_of(axes, 4.0, boundary);
      box.lengths[0] = 16.0;
      const PlainPairs::Grids grids = grids_of(*law.law, box);
      PlainState start = disturbed_lattice(box, 5, grids, 3);
      for (std::size_t i = 0; i < start.position.size(); ++i) {
        start.position[i][0] = on_grid(start.position[i][0] / 8.0, grids.position);
        start.displacement[i][0] = on_grid(i % 2 == 0 ? 0.37 : 0.21, grids.displacement);
      }
      all.push_back(tried(law, box, start, 60, "stream"));
    }
  }
  expect_the_plain_end_on_any_ranks(std::move(all), 2);
}

/// So that there is nothing to cut: one rank has them all, or two whose borders are the same.
TEST(InteractingMotion, IsThatOfAllPairsForACornerAndForOnePlace) {
  std::vector<Tried> all;
  const auto law = std::move(laws()[3]);
  for (const auto& boundary : {std::array{periodic, periodic, periodic}, {reflect, periodic, open}}) {
    for (const int axes : {2, 3}) {
      const Box box = box_of(axes, 32.0, boundary);
      const PlainPairs::Grids grids = grids_of(*law.law, box);
      PlainState corner = disturbed_lattice(box, axes == 2 ? 9 : 4, grids, 5);
      for (auto& place : corner.position)
        for (double& x : place) x = on_grid(x / 32.0, grids.position);
      all.push_back(tried(law, box, corner, 60, "corner"));
      PlainState heap = corner;
      for (std::size_t i = 0; i < heap.position.size(); ++i) {
        heap.position[i] = heap.position[0];
        heap.displacement[i] = heap.displacement[i % 2];
      }
      all.push_back(tried(law, box, heap, 60, "two heaps that part"));
      for (auto& u : heap.displacement) u = heap.displacement[0];
      all.push_back(tried(law, box, heap, 30, "one place"));
    }
  }
  expect_the_plain_end_on_any_ranks(std::move(all), 2);
}

TEST(InteractingMotion, IsThatOfAllPairsForFewerParticlesThanRanks) {
  std::vector<Tried> all;
  const auto law = std::move(laws()[0]);
  const Box box = box_of(3, 5.5, {periodic, reflect, periodic});
  const PlainPairs::Grids grids = grids_of(*law.law, box);
  for (const std::size_t count : {0U, 1U, 2U, 3U, 5U}) {
    PlainState start = disturbed_lattice(box, 5, grids, 9);
    start.position.resize(count);
    start.displacement.resize(count);
    all.push_back(tried(law, box, start, 60, std::to_string(count) + " particles"));
  }
  expect_the_plain_end_on_any_ranks(std::move(all));
}

}  // namespace
}  // namespace orrery::test
