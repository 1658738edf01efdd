#include "simulation/interacting_motion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/instruction_set.hpp"
#include "laws/attraction.hpp"
#include "laws/lennard_jones.hpp"
#include "laws/soft_disc.hpp"
#include "world.hpp"

namespace orrery::test {
namespace {

/// Positions and velocities of all particles, of which each rank takes its part.
struct Start {
  Box box;
  RowsById all;
  std::int64_t count() const { return std::ssize(all.position[0]); }
};

/// Particles near the sites of a simple lattice that fills the box, but for some corner of it where nobody
/// is.
Start disturbed_lattice(int axes, int sites, double spacing, std::array<Boundary, 3> boundary,
                        unsigned seed) {
  Start start;
  start.box = {.axes = axes, .lengths = {}, .boundary = boundary};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
    start.box.lengths[axis] = sites * spacing;
  start.all.position.resize(3);
  start.all.velocity.resize(3);
  std::mt19937_64 random(seed);
  // (Not a standard distribution: theirs differ between libraries.)
  const auto uniform = [&random](double most) {
    return most * (static_cast<double>(random() >> 11) * 0x1p-52 - 1.0);
  };
  for (int site = 0; site < (axes == 2 ? sites * sites : sites * sites * sites); ++site) {
    const std::array<int, 3> at{site % sites, site / sites % sites, site / sites / sites};
    if (at[0] * 3 > sites * 2 && at[1] * 3 > sites * 2) continue;  // a hole, so that regions differ
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const bool is_used = axis < static_cast<std::size_t>(axes);
      start.all.position[axis].push_back(is_used ? (at[axis] + 0.5) * spacing + uniform(0.05 * spacing)
                                                 : 0.0);
      start.all.velocity[axis].push_back(is_used ? uniform(1.5) : 0.0);
    }
  }
  return start;
}

RowsById part_of(const Start& start, const Communicator& ranks) {
  const Range mine = EvenSplit(start.count(), ranks.size()).part(ranks.rank());
  RowsById part = start.all;
  for (auto* columns : {&part.position, &part.velocity})
    for (auto& column : *columns) column = {column.begin() + mine.begin, column.begin() + mine.end};
  if (!part.species.empty())
    part.species = {part.species.begin() + mine.begin, part.species.begin() + mine.end};
  return part;
}

/// The bits of all rows, on every rank, mixed into one number.
std::uint64_t digest_of(const RowsById& rows, const Communicator& ranks) {
  std::uint64_t digest = 0;
  for (const auto* columns : {&rows.position, &rows.velocity}) {
    for (const auto& column : *columns) {
      auto all = ranks.gather(std::span<const double>(column));
      ranks.push(all);
      for (const double number : all)
        digest = (digest ^ std::bit_cast<std::uint64_t>(number)) * 0x9E3779B97F4A7C15U + 1;
    }
  }
  return digest;
}

struct Outcome {
  std::uint64_t digest = 0;
  MotionMeasures measures;
};

Outcome run(const Communicator& ranks, const PairLaw& law, const Start& start, const MotionSettings& settings,
            std::int64_t steps) {
  InteractingMotion motion(ranks, law, start.box, settings, start.count());
  motion.begin(part_of(start, ranks));
  motion.evolve({0, steps / 2}, [](std::int64_t) {});
  motion.evolve({steps / 2, steps}, [](std::int64_t) {});
  return {digest_of(motion.rows_by_id(), ranks), motion.measure()};
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void expect_same(const Outcome& expected, const Outcome& found, const std::string& what) {
  EXPECT_EQ(expected.digest, found.digest) << what;
  EXPECT_TRUE(same_bits(expected.measures.kinetic_energy, found.measures.kinetic_energy)) << what;
  EXPECT_TRUE(same_bits(expected.measures.potential_energy, found.measures.potential_energy)) << what;
  EXPECT_TRUE(same_bits(expected.measures.pressure, found.measures.pressure)) << what;
  for (std::size_t axis = 0; axis < 3; ++axis)
    EXPECT_TRUE(same_bits(expected.measures.momentum[axis], found.measures.momentum[axis])) << what;
  for (std::size_t axis = 0; axis < 3; ++axis)
    EXPECT_TRUE(same_bits(expected.measures.angular_momentum[axis], found.measures.angular_momentum[axis]))
        << what;
}

Communicator alone() {
  std::optional<Communicator> own;
  for (int rank = 0; rank < world().size(); ++rank) {
    auto group = world().subset(std::array{rank});
    if (group) own.emplace(std::move(*group));
  }
  return std::move(*own);
}

struct Case {
  std::string name;
  std::function<std::unique_ptr<PairLaw>()> law;
  Start start;
  double step;
  bool is_damped = false;
};

std::vector<Case> cases() {
  constexpr auto p = Boundary::periodic, r = Boundary::reflect, o = Boundary::open;
  const auto lj = [] { return std::make_unique<LennardJonesLaw>(); };
  const auto shifted = [] {
    LennardJonesOptions options;
    options.truncation = LennardJonesTruncation::force_shifted;
    return std::make_unique<LennardJonesLaw>(options);
  };
  const auto discs = [] {
    return std::make_unique<SoftDiscLaw>(SoftDiscOptions{.stiffness = 500.0, .diameter = 1.0});
  };
  const auto damped = [] {
    return std::make_unique<SoftDiscLaw>(
        SoftDiscOptions{.stiffness = 500.0, .diameter = 1.0, .damping = 4.0});
  };
  const auto cloud = [] {
    return std::make_unique<AttractionLaw>(AttractionOptions{.strength = 2.0, .cutoff = 1.5});
  };
  return {
      {"lennard-jones", lj, disturbed_lattice(3, 8, 1.1, {p, p, p}, 1), 0.004},
      {"force-shifted, walls and an open side", shifted, disturbed_lattice(3, 6, 1.2, {r, p, o}, 2), 0.004},
      {"discs on a table", discs, disturbed_lattice(2, 16, 1.05, {r, r, r}, 3), 0.004},
      {"cloud in the plane", cloud, disturbed_lattice(2, 14, 0.9, {p, p, p}, 4), 0.005},
      {"cloud in open space", cloud, disturbed_lattice(3, 6, 0.8, {o, o, o}, 5), 0.005},
      {"damped balls", damped, disturbed_lattice(3, 7, 0.97, {p, p, p}, 6), 0.004, true},
      {"damped discs on a table", damped, disturbed_lattice(2, 15, 1.02, {p, r, p}, 7), 0.004, true}};
}

TEST(InteractingMotion, HasTheSameBitsOnAnyRanksThreadsAndLists) {
  const Communicator own = alone();
  for (const Case& each : cases()) {
    const auto law = each.law();
    for (const PairPrecision precision : {PairPrecision::full, PairPrecision::mixed}) {
      const MotionSettings plain{.step = each.step, .mass = {1.5}, .skin = 0.3, .precision = precision};
      const Outcome expected = run(own, *law, each.start, plain, 200);
      for (const auto& [skin, threads, balance] :
           {std::tuple{0.3, 1, true}, {0.3, 2, false}, {0.1, 3, true}, {0.7, 1, false}}) {
        MotionSettings settings = plain;
        settings.skin = skin;
        settings.threads = threads;
        settings.balance = balance;
        expect_same(expected, run(world(), *law, each.start, settings, 200),
                    each.name + ", " + std::string(name_of(precision)) + ", skin " + std::to_string(skin) +
                        ", threads " + std::to_string(threads));
      }
    }
  }
}

TEST(InteractingMotion, HasTheSameBitsHoweverStepsAreCut) {
  for (const Case& each : cases()) {
    const auto law = each.law();
    const auto digest = [&](std::int64_t steps_between) {
      InteractingMotion motion(world(), *law, each.start.box, {.step = each.step}, each.start.count());
      motion.begin(part_of(each.start, world()));
      for (std::int64_t step = 0; step < 60; step += steps_between)
        motion.evolve({step, step + steps_between}, [](std::int64_t) {});
      return digest_of(motion.rows_by_id(), world());
    };
    const std::uint64_t expected = digest(60);
    for (const std::int64_t steps_between : {1, 4, 15})
      EXPECT_EQ(digest(steps_between), expected) << each.name << ", " << steps_between;
  }
}

TEST(InteractingMotion, HasTheSameBitsWhereThreadsHaveSharesOfDifferentSize) {
  constexpr auto p = Boundary::periodic;
  Start start = disturbed_lattice(3, 12, 0.9, {p, p, p}, 6);
  for (auto& column : start.all.position)
    for (std::size_t row = 0; row < column.size(); row += 2) column[row] *= 0.3;
  const AttractionLaw law({.strength = 0.5, .cutoff = 1.5});
  const Outcome expected = run(alone(), law, start, {.step = 0.004}, 60);
  for (const int threads : {2, 3})
    expect_same(expected, run(world(), law, start, {.step = 0.004, .threads = threads}, 60),
                std::to_string(threads) + " threads");
}

/// With every instruction set. Who changes them says why in the commit.
void expect_stored_bits(PairPrecision precision, const std::vector<std::uint64_t>& stored) {
  const std::vector<Case> all = cases();
  ASSERT_EQ(all.size(), stored.size());
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    for (std::size_t index = 0; index < all.size(); ++index) {
      const Case& each = all[index];
      const MotionSettings settings{.step = each.step, .mass = {1.5}, .skin = 0.4, .precision = precision};
      const Outcome found = run(world(), *each.law(), each.start, settings, 250);
      EXPECT_EQ(found.digest, stored[index])
          << each.name << ", " << set << std::hex << ": 0x" << found.digest;
    }
  }
  choose_instruction_set("auto");
}

TEST(InteractingMotion, HasTheStoredBits) {
  expect_stored_bits(PairPrecision::full,
                     {0xf8e31429abc20998, 0x5eb02677a2f7787c, 0x33bf95692029c4de, 0xd6da178d912364c8,
                      0x8d1e2b35f2f0b7cc, 0xb066c27bda99d37e, 0x41a23171a28e1b3a});
}

TEST(InteractingMotion, InMixedPrecisionHasTheStoredBits) {
  expect_stored_bits(PairPrecision::mixed,
                     {0xb7bf90955db71ca8, 0x14a9e56499afb7ec, 0xc846543cd52dd6a6, 0xee2484f001efd238,
                      0x4da6216be2b8e0bc, 0x040b202449424686, 0xaac175d49970cb12});
}

/// Paths of neighbours part by a factor that grows with time, so only the first steps can be compared.
TEST(InteractingMotion, InMixedPrecisionStaysNearTheMotionInDouble) {
  for (const Case& each : cases()) {
    const auto law = each.law();
    std::array<RowsById, 2> rows;
    for (const PairPrecision precision : {PairPrecision::full, PairPrecision::mixed}) {
      InteractingMotion motion(world(), *law, each.start.box, {.step = each.step, .precision = precision},
                               each.start.count());
      motion.begin(part_of(each.start, world()));
      motion.evolve({0, 40}, [](std::int64_t) {});
      rows[precision == PairPrecision::mixed ? 1 : 0] = motion.rows_by_id();
    }
    double most = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (std::size_t row = 0; row < rows[0].velocity[axis].size(); ++row)
        most = std::max(most, std::abs(rows[0].velocity[axis][row] - rows[1].velocity[axis][row]));
    }
    world().maximum(std::span(&most, 1));
    EXPECT_GT(most, 0.0) << each.name;
    // Of velocities about 1. Where the force is cut off, a pair may be within in one and without in the
    // other.
    EXPECT_LT(most, each.name == "lennard-jones" ? 1e-3 : 2e-5) << each.name;
  }
}

void expect_to_go_back(const std::vector<Case>& all, MotionSettings settings, std::int64_t steps) {
  for (const Case& each : all) {
    if (each.is_damped) continue;
    const auto law = each.law();
    settings.step = each.step;
    InteractingMotion motion(world(), *law, each.start.box, settings, each.start.count());
    motion.begin(part_of(each.start, world()));
    const RowsById before = motion.rows_by_id();
    const MotionMeasures measures = motion.measure();
    motion.evolve({0, steps}, [](std::int64_t) {});
    EXPECT_NE(digest_of(motion.rows_by_id(), world()), digest_of(before, world())) << each.name;
    motion.reverse();
    motion.evolve({steps, 2 * steps}, [](std::int64_t) {});
    motion.reverse();
    EXPECT_EQ(digest_of(motion.rows_by_id(), world()), digest_of(before, world())) << each.name;
    EXPECT_TRUE(same_bits(motion.measure().kinetic_energy, measures.kinetic_energy)) << each.name;
  }
}

TEST(InteractingMotion, GoesBackTheWayItCame) {
  expect_to_go_back(cases(), {}, 150);
}

TEST(InteractingMotion, InMixedPrecisionGoesBackTheWayItCame) {
  expect_to_go_back(cases(), {.precision = PairPrecision::mixed}, 150);
}

TEST(InteractingMotion, KeepsEnergyAndMomentum) {
  for (const Case& each : cases()) {
    const auto law = each.law();
    InteractingMotion motion(world(), *law, each.start.box, {.step = each.step / 4}, each.start.count());
    motion.begin(part_of(each.start, world()));
    const MotionMeasures before = motion.measure();
    motion.evolve({0, 400}, [](std::int64_t) {});
    const MotionMeasures after = motion.measure();
    const double scale = std::abs(before.potential_energy) + before.kinetic_energy;
    if (each.is_damped) {
      EXPECT_LT(after.potential_energy + after.kinetic_energy, 0.99 * scale) << each.name;
    } else if (each.name.find("lennard") == std::string::npos) {  // which jumps at the cut-off
      EXPECT_NEAR(after.potential_energy + after.kinetic_energy,
                  before.potential_energy + before.kinetic_energy, 2e-4 * scale)
          << each.name;
    }
    EXPECT_NE(after.kinetic_energy, before.kinetic_energy) << each.name;
    if (each.name.find("walls") != std::string::npos || each.name.find("table") != std::string::npos)
      continue;
    for (std::size_t axis = 0; axis < 3; ++axis)
      EXPECT_NEAR(before.momentum[axis], after.momentum[axis], 1e-9) << each.name;
  }
}

TEST(InteractingMotion, WorksWithFewerParticlesThanRanks) {
  const LennardJonesLaw law;
  Start start = disturbed_lattice(3, 6, 1.2, {Boundary::periodic, Boundary::periodic, Boundary::periodic}, 1);
  for (const std::size_t count : {0U, 1U, 2U, 3U}) {
    Start few = start;
    for (auto* columns : {&few.all.position, &few.all.velocity})
      for (auto& column : *columns) column.resize(count);
    const Communicator own = alone();
    expect_same(run(own, law, few, {}, 100), run(world(), law, few, {}, 100),
                std::to_string(count) + " particles");
  }
}

const std::vector<double> mixed_masses{1.5, 0.4, 9.0};

/// Some of these starts, of three species in turn, but for a heavy particle now and then.
std::vector<Case> mixtures() {
  std::vector<Case> mixed = cases();
  std::erase_if(mixed, [](const Case& each) {  // enough without those that are periodic all round
    const auto& boundary = each.start.box.boundary;
    return std::count(boundary.begin(), boundary.end(), Boundary::periodic) == 3;
  });
  for (Case& each : mixed) {
    each.step *= 0.5;  // the light ones are fast
    for (std::int64_t id = 0; id < each.start.count(); ++id)
      each.start.all.species.push_back(id % 7 == 3 ? 2 : static_cast<std::int32_t>(id % 2));
  }
  return mixed;
}

TEST(InteractingMotion, OfAMixtureHasTheSameBitsOnAnyRanksThreadsAndLists) {
  const Communicator own = alone();
  for (const Case& each : mixtures()) {
    const auto law = each.law();
    for (const bool is_in_bath : {false, true}) {
      MotionSettings plain{.step = each.step, .mass = mixed_masses, .skin = 0.3, .threads = 1};
      if (is_in_bath) plain.bath = Bath{.temperature = 0.8, .friction = 1.5, .seed = 3};
      const Outcome expected = run(own, *law, each.start, plain, 80);
      for (const auto& [skin, threads, balance] : {std::tuple{0.3, 2, true}, {0.1, 3, false}}) {
        MotionSettings settings = plain;
        settings.skin = skin;
        settings.threads = threads;
        settings.balance = balance;
        expect_same(expected, run(world(), *law, each.start, settings, 80),
                    each.name + ", a mixture, skin " + std::to_string(skin));
      }
    }
  }
}

/// One species among others that nobody is of moves as if there were no others.
TEST(InteractingMotion, DoesNotDependOnSpeciesThatNobodyIsOf) {
  for (const Case& each : mixtures()) {
    const auto law = each.law();
    Start first = each.start, second = each.start;
    first.all.species.clear();
    second.all.species.assign(static_cast<std::size_t>(each.start.count()), 1);
    for (const bool is_in_bath : {false, true}) {
      MotionSettings one{.step = each.step, .mass = {1.5}}, three{.step = each.step, .mass = {0.3, 1.5, 20}};
      if (is_in_bath) one.bath = three.bath = Bath{.temperature = 0.8};
      const Outcome expected = run(world(), *law, first, one, 30);
      expect_same(expected, run(world(), *law, second, three, 30), each.name);
      EXPECT_NE(expected.digest, run(world(), *law, each.start, three, 30).digest) << each.name;
    }
  }
}

TEST(InteractingMotion, OfAMixtureGoesBackTheWayItCame) {
  expect_to_go_back(mixtures(), {.mass = mixed_masses}, 80);
}

TEST(InteractingMotion, MeasuresEveryParticleByItsMass) {
  for (const Case& each : mixtures()) {
    if (each.is_damped) continue;
    const auto law = each.law();
    InteractingMotion motion(world(), *law, each.start.box, {.step = each.step, .mass = mixed_masses},
                             each.start.count());
    motion.begin(part_of(each.start, world()));
    motion.evolve({0, 50}, [](std::int64_t) {});
    const RowsById mine = motion.rows_by_id();
    std::array<std::vector<double>, 6> rows;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      rows[axis] = world().gather(std::span<const double>(mine.position[axis]));
      rows[3 + axis] = world().gather(std::span<const double>(mine.velocity[axis]));
    }
    const MotionMeasures found = motion.measure();
    if (!world().is_root()) continue;
    double kinetic = 0.0;
    std::array<double, 3> momentum{}, angular{};
    for (std::size_t id = 0; id < rows[0].size(); ++id) {
      const double mass = mixed_masses[static_cast<std::size_t>(each.start.all.species[id])];
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::size_t next = (axis + 1) % 3, last = (axis + 2) % 3;
        kinetic += 0.5 * mass * rows[3 + axis][id] * rows[3 + axis][id];
        momentum[axis] += mass * rows[3 + axis][id];
        angular[axis] += mass * (rows[next][id] * rows[3 + last][id] - rows[last][id] * rows[3 + next][id]);
      }
    }
    EXPECT_NEAR(found.kinetic_energy, kinetic, 1e-11 * kinetic) << each.name;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      EXPECT_NEAR(found.momentum[axis], momentum[axis], 1e-10 * kinetic) << each.name;
      const bool is_open = each.name == "cloud in open space";
      EXPECT_NEAR(found.angular_momentum[axis], is_open ? angular[axis] : 0.0, 1e-10 * kinetic) << each.name;
    }
  }
}

/// With every instruction set, as above.
TEST(InteractingMotion, OfAMixtureHasTheStoredBits) {
  const Case each = mixtures().front();
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    const Outcome found =
        run(world(), *each.law(), each.start, {.step = each.step, .mass = mixed_masses}, 150);
    EXPECT_EQ(found.digest, 0x6550848b3ecd8f94) << set << std::hex << ": 0x" << found.digest;
  }
  choose_instruction_set("auto");
}

TEST(InteractingMotion, SaysWhichParticleGoesWrong) {
  const LennardJonesLaw law;
  Start start = disturbed_lattice(3, 6, 1.2, {Boundary::periodic, Boundary::periodic, Boundary::periodic}, 1);
  start.all.position[0][1] = start.all.position[0][0] + 0.01;
  start.all.position[1][1] = start.all.position[1][0];
  start.all.position[2][1] = start.all.position[2][0];
  try {
    run(world(), law, start, {}, 10);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::simulation_failed);
    EXPECT_NE(std::string(error.what()).find("comes within 0.01"), std::string::npos) << error.what();
  }
}

TEST(InteractingMotion, SaysWhichParticleIsDampedTooMuch) {
  const SoftDiscLaw law({.stiffness = 0.01, .diameter = 1.0, .damping = 0.35});
  Start start =
      disturbed_lattice(3, 6, 0.96, {Boundary::periodic, Boundary::periodic, Boundary::periodic}, 1);
  for (auto& column : start.all.velocity) std::fill(column.begin(), column.end(), 0.0);
  start.all.velocity[0][40] = 50.0;
  try {
    run(world(), law, start, {.step = 0.001}, 2);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::simulation_failed);
    EXPECT_NE(std::string(error.what()).find(", at a velocity of -49.99 towards it"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace orrery::test
