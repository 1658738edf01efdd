// Runs whose grids are too coarse for their motion, so that what is rounded is carried along.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tried_motion.hpp"

namespace orrery::test {
namespace {

/// Pairs that touch or are about to, far from each other in a large box, with velocities from still to slow.
struct SlowStart {
  Box box;
  RowsById all;
};

SlowStart slow_start(int axes, std::array<Boundary, 3> boundary, double speed) {
  SlowStart start;
  start.box = box_of(axes, 8192.0, boundary);
  start.all.position.resize(3);
  start.all.velocity.resize(3);
  Uniform uniform(5);
  for (int particle = 0; particle < 40; ++particle) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const bool is_used = axis < static_cast<std::size_t>(axes);
      const double near = particle % 2 == 0 ? 0.0 : 0.55;
      // Some beside the ends of the axes, which they will pass or be thrown back from.
      const double place = particle < 4 ? 1e-9 * (particle + 1) : 50.0 + 200.0 * (particle / 2);
      start.all.position[axis].push_back(is_used ? place + near + 1e-7 * (1.0 + uniform(1.0)) : 0.0);
      start.all.velocity[axis].push_back(is_used ? (particle < 4 ? -speed : speed * uniform(1.0)) : 0.0);
    }
  }
  return start;
}

RowsById part_of(const RowsById& all, const Communicator& ranks) {
  const Range mine = EvenSplit(std::ssize(all.position[0]), ranks.size()).part(ranks.rank());
  RowsById part = all;
  for (auto* columns : {&part.position, &part.velocity})
    for (auto& column : *columns) column = {column.begin() + mine.begin, column.begin() + mine.end};
  return part;
}

constexpr std::int64_t steps = 400;

MotionSettings settings_of(int threads, double skin) {
  return {.step = time_step, .mass = Masses{1.0}, .skin = skin, .threads = threads, .steps = steps};
}

RowsById gathered(const RowsById& part, const Communicator& ranks) {
  RowsById all = part;
  for (auto* columns : {&all.position, &all.velocity}) {
    for (auto& column : *columns) {
      auto whole = ranks.gather(std::span<const double>(column));
      ranks.push(whole);
      column.assign(whole.begin(), whole.end());
    }
  }
  return all;
}

const SoftDiscLaw& discs() {
  static const SoftDiscLaw law({.stiffness = 1e-6, .diameter = 1.0});
  return law;
}

const std::vector<std::pair<int, std::array<Boundary, 3>>> boxes{{2, {periodic, periodic, periodic}},
                                                                 {3, {periodic, periodic, periodic}},
                                                                 {2, {reflect, open, periodic}},
                                                                 {3, {reflect, reflect, reflect}},
                                                                 {3, {open, open, open}},
                                                                 {3, {reflect, periodic, open}}};

TEST(CarriedRests, LeadBackTheWayTheyCameBitForBit) {
  for (const auto& [axes, boundary] : boxes) {
    const SlowStart start = slow_start(axes, boundary, 1e-6);
    InteractingMotion motion(world(), discs(), start.box, settings_of(1, 0.1), 40);
    motion.begin(part_of(start.all, world()));
    ASSERT_TRUE(motion.carries_rests());
    const RowsById before = motion.rows_by_id();
    motion.evolve({0, steps}, [](std::int64_t) {});
    EXPECT_GT(differences(before, motion.rows_by_id()), 0);
    motion.reverse();
    motion.evolve({steps, 2 * steps}, [](std::int64_t) {});
    motion.reverse();
    EXPECT_EQ(differences(before, motion.rows_by_id()), 0) << text_of(start.box);
  }
}

TEST(CarriedRests, HaveTheSameBitsOnAnyRanksAndThreads) {
  std::optional<Communicator> own;
  for (int rank = 0; rank < world().size(); ++rank) {
    auto group = world().subset(std::array{rank});
    if (group) own.emplace(std::move(*group));
  }
  for (const auto& [axes, boundary] : boxes) {
    const SlowStart start = slow_start(axes, boundary, 1e-6);
    for (const bool in_bath : {false, true}) {
      const auto end_of = [&](const Communicator& ranks, int threads, double skin) {
        MotionSettings settings = settings_of(threads, skin);
        if (in_bath) settings.bath = Bath{.temperature = 1e-12, .friction = 2.0, .seed = 3};
        InteractingMotion motion(ranks, discs(), start.box, settings, 40);
        motion.begin(part_of(start.all, ranks));
        EXPECT_TRUE(motion.carries_rests());
        motion.evolve({0, steps}, [](std::int64_t) {});
        return gathered(motion.rows_by_id(), ranks);
      };
      // A skin so thin that lists are built anew again and again.
      const RowsById expected = end_of(*own, 1, 1e-9);
      for (const int threads : {1, 3})
        for (const double skin : {1e-9, 0.3})
          EXPECT_EQ(differences(expected, end_of(world(), threads, skin)), 0)
              << text_of(start.box) << (in_bath ? " in a bath" : "") << ", " << threads << " threads";
    }
  }
}

TEST(CarriedRests, MoveFreeParticlesRightly) {
  for (const double speed : {1e-2, 1e-3, 1e-5}) {
    SlowStart start = slow_start(3, {open, periodic, reflect}, speed);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (std::size_t row = 0; row < 40; ++row) {
        start.all.position[axis][row] = 100.0 * static_cast<double>(row + 1) + 0.3;
        start.all.velocity[axis][row] = (axis == 1 ? -1.0 : 0.7) * speed * static_cast<double>(row % 7 + 1);
      }
    }
    MotionSettings settings = settings_of(1, 0.1);
    settings.step = 1e-5;
    InteractingMotion motion(world(), discs(), start.box, settings, 40);
    const RowsById mine = part_of(start.all, world());
    motion.begin(mine);
    ASSERT_TRUE(motion.carries_rests());
    motion.evolve({0, steps}, [](std::int64_t) {});
    const RowsById end = motion.rows_by_id();
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (std::size_t row = 0; row < end.position[axis].size(); ++row) {
        const double way = mine.velocity[axis][row] * 1e-5 * static_cast<double>(steps);
        const double x = mine.position[axis][row];
        // What a double of the place can tell, and 1e-9 of the way.
        EXPECT_NEAR(end.position[axis][row], x + way, 1e-9 * std::abs(way) + 0x1p-52 * x);
        EXPECT_NEAR(end.velocity[axis][row], mine.velocity[axis][row],
                    1e-9 * std::abs(mine.velocity[axis][row]));
      }
    }
  }
}

TEST(CarriedRests, FollowAWeakForceFromRest) {
  // Two discs that overlap by 0.4, and a spring so weak that they part by 1e-8 in all.
  SlowStart start{.box = box_of(2, 8192.0, {open, open, open}), .all = {}};
  start.all.position = {{4000.0, 4000.6}, {4000.0, 4000.0}, {0.0, 0.0}};
  start.all.velocity.assign(3, {0.0, 0.0});
  const SoftDiscLaw law({.stiffness = 5e-9, .diameter = 1.0});
  InteractingMotion motion(world(), law, start.box, settings_of(1, 0.1), 2);
  motion.begin(part_of(start.all, world()));
  ASSERT_TRUE(motion.carries_rests());
  motion.evolve({0, steps}, [](std::int64_t) {});
  const RowsById end = gathered(motion.rows_by_id(), world());
  const double time = time_step * static_cast<double>(steps), acceleration = 5e-9 * 0.4;
  EXPECT_NEAR(end.position[0][1] - 4000.6, 0.5 * acceleration * time * time, 1e-12);
  EXPECT_NEAR(end.velocity[0][1] / (acceleration * time), 1.0, 1e-6);
  EXPECT_EQ(end.velocity[0][0], -end.velocity[0][1]);
}

TEST(CarriedRests, AreNotCarriedInOrdinaryRuns) {
  const SlowStart start = slow_start(3, {periodic, periodic, periodic}, 1.0);
  InteractingMotion motion(world(), discs(), start.box, settings_of(1, 0.3), 40);
  motion.begin(part_of(start.all, world()));
  EXPECT_FALSE(motion.carries_rests());
}

}  // namespace
}  // namespace orrery::test
