// Forces on single particles: the same bits everywhere, and back again.
#include <gtest/gtest.h>

#include <optional>

#include "core/instruction_set.hpp"
#include "forces/harmonic_trap.hpp"
#include "forces/uniform_gravity.hpp"
#include "laws/newtonian_law.hpp"
#include "tried_motion.hpp"

namespace orrery::test {
namespace {

constexpr std::int64_t steps = 240;

const LennardJonesLaw liquid({.epsilon = 1.0, .sigma = 1.0, .cutoff = 2.5});
const NoPairs nothing;
const UniformGravity gravity({.gravity = {{0.75, 0.0, -3.0}, 3}});
const UniformGravity gravity_in_plane({.gravity = {{0.75, -3.0, 0.0}, 2}});
const HarmonicTrap trap({.stiffness = {{1.0, 4.0, 9.0}, 3}, .centre = PerAxis<double>::all(1.25)});
const HarmonicTrap trap_in_plane({.stiffness = PerAxis<double>::all(5.0)});

struct Case {
  std::string name;
  const NewtonianLaw* law;
  Box box;
  std::vector<const ForceTerm*> fields;
  bool has_rests = false;  ///< carries what the grids round
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const NewtonianLaw* const law :
       {static_cast<const NewtonianLaw*>(&liquid), static_cast<const NewtonianLaw*>(&nothing)}) {
    const std::string name(law->name());
    all.push_back({name + ", gravity", law, box_of(3, 9.0, {periodic, open, reflect}), {&gravity}});
    all.push_back({name + ", trap", law, box_of(3, 9.0, {periodic, periodic, open}), {&trap}});
    all.push_back({name + ", both in the plane",
                   law,
                   box_of(2, 14.0, {reflect, periodic, periodic}),
                   {&gravity_in_plane, &trap_in_plane}});
    all.push_back(
        {name + ", both, rests", law, box_of(3, 1e6, {periodic, reflect, open}), {&gravity, &trap}, true});
  }
  return all;
}

/// Particles of two species in a corner of the box, not nearer than 1.1 to each other.
PlainState start_in(const Box& box) {
  Uniform uniform(7);
  PlainState state;
  for (int site = 0; site < 125; ++site) {
    const std::array<int, 3> at{site % 5, site / 5 % 5, site / 25};
    if (box.axes == 2 && site >= 25) break;
    Triple x{}, u{};
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
      x[axis] = 0.5 + 1.5 * at[axis] + uniform(0.1);
      u[axis] = uniform(1.5) * time_step;
    }
    state.position.push_back(x);
    state.displacement.push_back(u);
  }
  return state;
}

RowsById rows_of(const PlainState& state, const Communicator& ranks) {
  RowsById rows = part_of(state, ranks);
  const Range mine = EvenSplit(std::ssize(state.position), ranks.size()).part(ranks.rank());
  for (std::int64_t row = mine.begin; row < mine.end; ++row) rows.species.push_back(row % 3 == 0 ? 1 : 0);
  return rows;
}

MotionSettings settings_of(const Case& each) {
  return {.step = time_step,
          .mass = Masses{1.0, 2.5},
          .skin = 0.4,
          .steps = each.has_rests ? steps : 0,
          .fields = each.fields};
}

std::uint64_t mixed_in(std::uint64_t digest, double number) {
  return (digest ^ std::bit_cast<std::uint64_t>(number)) * 0x9E3779B97F4A7C15U + 1;
}

/// The bits of all rows and of the energies, on every rank, mixed into one number.
std::uint64_t digest_of(const InteractingMotion& motion, const Communicator& ranks) {
  std::uint64_t digest = 0;
  const RowsById rows = motion.rows_by_id();
  for (const auto* columns : {&rows.position, &rows.velocity}) {
    for (const auto& column : *columns) {
      auto all = ranks.gather(std::span<const double>(column));
      ranks.push(all);
      for (const double number : all) digest = mixed_in(digest, number);
    }
  }
  const MotionMeasures measures = motion.measure();
  for (const double number :
       {measures.kinetic_energy, measures.potential_energy, measures.field_energy, measures.temperature})
    digest = mixed_in(digest, number);
  return digest;
}

std::uint64_t end_of(const Case& each, const Communicator& ranks, const MotionSettings& settings) {
  const PlainState start = start_in(each.box);
  InteractingMotion motion(ranks, *each.law, each.box, settings, std::ssize(start.position));
  motion.begin(rows_of(start, ranks));
  EXPECT_EQ(motion.carries_rests(), each.has_rests) << each.name;
  motion.evolve({0, steps / 3}, [](std::int64_t) {});
  motion.evolve({steps / 3, steps}, [](std::int64_t) {});
  return digest_of(motion, ranks);
}

Communicator alone() {
  std::optional<Communicator> own;
  for (int rank = 0; rank < world().size(); ++rank) {
    auto group = world().subset(std::array{rank});
    if (group) own.emplace(std::move(*group));
  }
  return std::move(*own);
}

TEST(Fields, HaveTheSameBitsOnAnyRanksThreadsAndLists) {
  const Communicator own = alone();
  for (const Case& each : cases()) {
    for (const bool in_bath : {false, true}) {
      for (const PairPrecision precision : {PairPrecision::full, PairPrecision::mixed}) {
        if (precision == PairPrecision::mixed && (each.law->pairs() == nullptr || each.has_rests)) continue;
        MotionSettings settings = settings_of(each);
        settings.precision = precision;
        if (in_bath) settings.bath = Bath{.temperature = 0.7, .friction = 2.0, .seed = 3};
        const std::uint64_t expected = end_of(each, own, settings);
        for (const auto& [threads, skin] : {std::pair{1, 0.05}, std::pair{2, 0.8}}) {
          MotionSettings other = settings;
          other.threads = threads;
          other.skin = skin;
          other.balance = skin > 0.1;
          EXPECT_EQ(end_of(each, world(), other), expected)
              << each.name << (in_bath ? " in a bath, " : ", ") << threads << " threads, skin " << skin;
        }
      }
    }
  }
}

TEST(Fields, LeadBackTheWayTheyCameBitForBit) {
  for (const Case& each : cases()) {
    const PlainState start = start_in(each.box);
    InteractingMotion motion(world(), *each.law, each.box, settings_of(each), std::ssize(start.position));
    motion.begin(rows_of(start, world()));
    const std::uint64_t before = digest_of(motion, world());
    motion.evolve({0, steps}, [](std::int64_t) {});
    EXPECT_NE(digest_of(motion, world()), before);
    motion.reverse();
    motion.evolve({steps, 2 * steps}, [](std::int64_t) {});
    motion.reverse();
    EXPECT_EQ(digest_of(motion, world()), before) << each.name;
  }
}

/// With every instruction set. Who changes them says why in the commit.
TEST(Fields, HaveTheStoredBits) {
  const std::vector<std::uint64_t> stored{0xfa424ca4758aa6da, 0x4074916814a8869f, 0xb7f4d3c3828ff273,
                                          0xb19e99c4aa628d91, 0x4e58172723f71898, 0x8afe1b9eebd2296e,
                                          0x328eec08c3a6464a, 0x0384ec6cb4120b64};
  const std::vector<Case> all = cases();
  ASSERT_EQ(all.size(), stored.size());
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    for (std::size_t index = 0; index < all.size(); ++index) {
      const std::uint64_t found = end_of(all[index], world(), settings_of(all[index]));
      EXPECT_EQ(found, stored[index]) << all[index].name << ", " << set << std::hex << ": 0x" << found;
    }
  }
  choose_instruction_set("auto");
}

/// Particles far from each other feel fields as if they were alone.
TEST(Fields, ActAlikeWithPairsAndWithout) {
  const Box box = box_of(3, 60.0, {open, reflect, periodic});
  const auto end = [&](const NewtonianLaw& law) {
    RowsById rows;
    rows.position.resize(3);
    rows.velocity.resize(3);
    const Range mine = EvenSplit(3, world().size()).part(world().rank());
    for (std::int64_t row = mine.begin; row < mine.end; ++row) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        rows.position[axis].push_back(8.0 + 15.0 * static_cast<double>(row));
        rows.velocity[axis].push_back(axis == 0 ? 0.5 : 0.0);
      }
    }
    const UniformGravity down({.gravity = {{0.0, -0.5, 0.25}, 3}});
    InteractingMotion motion(world(), law, box, {.step = time_step, .mass = Masses{2.0}, .fields = {&down}},
                             3);
    motion.begin(rows);
    motion.evolve({0, 600}, [](std::int64_t) {});
    return motion.rows_by_id();
  };
  const RowsById alone = end(nothing), among_others = end(liquid);
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (std::size_t row = 0; row < alone.position[axis].size(); ++row) {
      EXPECT_NEAR(alone.position[axis][row], among_others.position[axis][row], 1e-9);
      EXPECT_NEAR(alone.velocity[axis][row], among_others.velocity[axis][row], 1e-9);
    }
}

}  // namespace
}  // namespace orrery::test
