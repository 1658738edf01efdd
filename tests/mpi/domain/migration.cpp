#include "domain/migration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "world.hpp"

namespace orrery::test {
namespace {

constexpr std::int64_t particle_count = 977;

/// Particles that are told by their numbers, of which the rank has some.
struct Dealt {
  Particles particles;
  Column<std::int64_t> index = particles.declare<std::int64_t>({.name = "index"});
  Column<double> position =
      particles.declare<double>({.name = "position", .components = 3, .width = 4, .has_ghosts = true});
  Column<std::int32_t> species = particles.declare<std::int32_t>({.name = "species"});

  Dealt() {
    std::vector<std::int64_t> mine;
    for (std::int64_t which = 0; which < particle_count; ++which)
      if (which * which % world().size() == world().rank()) mine.push_back(which);
    particles.resize_owned(mine.size(), 6);
    for (std::size_t row = 0; row < mine.size(); ++row) {
      particles.data(index)[row] = mine[row];
      for (std::size_t axis = 0; axis < 3; ++axis)
        particles.data(position)[4 * row + axis] =
            static_cast<double>(mine[row]) + 0.1 * static_cast<double>(axis);
      particles.data(species)[row] = static_cast<std::int32_t>(mine[row] % 7);
    }
  }

  bool is_right(std::size_t row) const {
    const std::int64_t which = particles.data(index)[row];
    bool right = particles.data(species)[row] == which % 7;
    for (std::size_t axis = 0; axis < 3; ++axis)
      right &= particles.data(position)[4 * row + axis] ==
               static_cast<double>(which) + 0.1 * static_cast<double>(axis);
    return right;
  }
};

/// To which rank a particle goes.
int destination(std::int64_t which, int kind) {
  switch (kind) {
    case 0:
      return static_cast<int>(which % world().size());
    case 1:
      return 0;
    case 2:
      return world().size() - 1;
    default:
      return static_cast<int>(which / 100 % world().size());
  }
}

TEST(Migration, BringsEveryParticleToItsOwnerOnce) {
  for (const int threads : {1, 3}) {
    Dealt dealt;
    for (int kind = 0; kind < 4; ++kind) {
      const std::size_t before = dealt.particles.owned();
      std::vector<int> owner;
      for (const std::int64_t which : dealt.particles.owned(dealt.index))
        owner.push_back(destination(which, kind));
      const auto came = migrate(world(), dealt.particles, owner, threads);
      std::vector<std::int64_t> seen(particle_count);
      std::size_t expected = 0;
      for (std::int64_t which = 0; which < particle_count; ++which)
        expected += destination(which, kind) == world().rank() ? 1U : 0U;
      ASSERT_EQ(dealt.particles.owned(), expected) << kind;
      for (std::size_t row = 0; row < expected; ++row) {
        EXPECT_TRUE(dealt.is_right(row)) << row;
        EXPECT_EQ(destination(dealt.particles.data(dealt.index)[row], kind), world().rank());
        ++seen[static_cast<std::size_t>(dealt.particles.data(dealt.index)[row])];
      }
      for (const std::int64_t times : seen) EXPECT_LE(times, 1);
      const auto stayed = static_cast<std::size_t>(std::count(owner.begin(), owner.end(), world().rank()));
      EXPECT_EQ(stayed + came.size(), expected);
      EXPECT_LE(stayed, before);
    }
  }
}

TEST(Migration, GathersColumnsInTheOrderOfTheGlobalIndex) {
  const EvenSplit split(particle_count, world().size());
  const Range mine = split.part(world().rank());
  for (const int threads : {1, 3}) {
    const Dealt dealt;
    const std::array<std::size_t, 2> columns{dealt.index.index, dealt.position.index};
    std::vector<double> found(static_cast<std::size_t>(mine.size()), -1.0);
    const auto take = [&](std::size_t row, const GatheredParticle& particle) {
      found[row] = particle.numbers<3>(dealt.position)[1];
    };
    EXPECT_EQ(gather_by_index(world(), dealt.particles, columns, dealt.index, split, threads, take), -1);
    for (std::size_t row = 0; row < found.size(); ++row)
      EXPECT_EQ(found[row], static_cast<double>(mine.begin + static_cast<std::int64_t>(row)) + 0.1);
  }
}

TEST(Migration, TellsTheFirstParticleThatIsNotThereOnce) {
  const EvenSplit split(particle_count, world().size());
  const Range mine = split.part(world().rank());
  for (const std::int64_t lost : {std::int64_t{0}, std::int64_t{500}, particle_count - 1}) {
    Dealt dealt;
    for (std::size_t row = 0; row < dealt.particles.owned(); ++row)
      if (dealt.particles.data(dealt.index)[row] == lost) dealt.particles.data(dealt.index)[row] = 250;
    const std::array<std::size_t, 1> columns{dealt.index.index};
    const auto missing = gather_by_index(world(), dealt.particles, columns, dealt.index, split, 2,
                                         [](std::size_t, const GatheredParticle&) {});
    std::int64_t first = -1;
    if (mine.begin <= lost && lost < mine.end) first = lost;
    if (mine.begin <= 250 && 250 < mine.end) first = first < 0 ? 250 : std::min<std::int64_t>(first, 250);
    EXPECT_EQ(missing, first);
  }
}

}  // namespace
}  // namespace orrery::test
