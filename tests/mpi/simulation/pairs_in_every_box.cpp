/// Every law in every box, on any number of ranks, against all pairs.

#include <optional>

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
  expect_the_plain_end_on_any_ranks(std::move(all));
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
  expect_the_plain_end_on_any_ranks(std::move(all));
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
