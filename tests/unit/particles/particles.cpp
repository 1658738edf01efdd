#include "particles/particles.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

namespace orrery {
namespace {

/// Columns of many kinds, each number told by its row and component.
struct Filled {
  Particles particles;
  Column<double> position = particles.declare<double>(
      {.name = "position", .components = 3, .width = 4, .unit = "length", .has_ghosts = true});
  Column<std::int64_t> index = particles.declare<std::int64_t>({.name = "index"});
  Column<std::int32_t> species = particles.declare<std::int32_t>({.name = "species"});
  Column<std::uint8_t> flag = particles.declare<std::uint8_t>({.name = "flag"});
  Column<float> charge = particles.declare<float>({.name = "charge", .components = 2});
  Column<double> wide = particles.declare<double>({.name = "wide", .components = 6});
  Column<double> room = particles.declare<double>({.name = "room", .components = 4, .is_state = false});

  explicit Filled(std::size_t count) {
    particles.resize_owned(count, 3);
    for (std::size_t row = 0; row < count; ++row) fill(row, row);
  }

  void fill(std::size_t row, std::size_t which) {
    for (std::size_t at = 0; at < 4; ++at) particles.data(position)[4 * row + at] = number_of(which, at);
    particles.data(index)[row] = static_cast<std::int64_t>(which) << 33;
    particles.data(species)[row] = static_cast<std::int32_t>(which) - 5;
    particles.data(flag)[row] = static_cast<std::uint8_t>(which % 251);
    for (std::size_t at = 0; at < 2; ++at)
      particles.data(charge)[2 * row + at] = static_cast<float>(number_of(which, 10 + at));
    for (std::size_t at = 0; at < 6; ++at) particles.data(wide)[6 * row + at] = number_of(which, 20 + at);
  }

  static double number_of(std::size_t which, std::size_t at) {
    return static_cast<double>(100 * which + at) + 0.25;
  }

  /// Whether a row has all numbers of a particle, but for what only fills up.
  void expect(std::size_t row, std::size_t which) const {
    for (std::size_t at = 0; at < 3; ++at)
      EXPECT_EQ(particles.data(position)[4 * row + at], number_of(which, at));
    EXPECT_EQ(particles.data(index)[row], static_cast<std::int64_t>(which) << 33);
    EXPECT_EQ(particles.data(species)[row], static_cast<std::int32_t>(which) - 5);
    EXPECT_EQ(particles.data(flag)[row], which % 251);
    for (std::size_t at = 0; at < 2; ++at)
      EXPECT_EQ(particles.data(charge)[2 * row + at], static_cast<float>(number_of(which, 10 + at)));
    for (std::size_t at = 0; at < 6; ++at)
      EXPECT_EQ(particles.data(wide)[6 * row + at], number_of(which, 20 + at));
  }
};

TEST(Particles, PutsAllStateIntoAnotherOrderOnAnyNumberOfThreads) {
  constexpr std::size_t count = 1001;
  std::vector<std::int32_t> order(count);
  for (std::size_t place = 0; place < count; ++place)
    order[place] = static_cast<std::int32_t>(place * 377 % count);
  for (const int threads : {1, 2, 5}) {
    Filled filled(count);
    filled.particles.reorder(std::span<const std::int32_t>(order), filled.room, threads);
    for (std::size_t place = 0; place < count; ++place)
      filled.expect(place, static_cast<std::size_t>(order[place]));
  }
}

TEST(Particles, CarriesAParticleFromOneContainerToAnother) {
  const Filled from(12);
  Filled to(4);
  const ParticleRecord record = from.particles.state_record();
  EXPECT_EQ(record.bytes(),
            3 * 8 + 8 + 4 + 1 + 2 * 4 + 6 * 8U);  // the fourth number of positions stays behind
  std::vector<std::byte> bytes(record.bytes());
  from.particles.pack(record, 11, bytes.data());
  to.particles.unpack(record, bytes.data(), 2);
  to.expect(2, 11);
  to.expect(1, 1);
  to.expect(3, 3);
}

TEST(Particles, HasRowsForGhostsWhereTheyAreDeclared) {
  Filled filled(7);
  filled.particles.resize_ghosts(5);
  EXPECT_EQ(filled.particles.first_ghost(), 10U);
  EXPECT_EQ(filled.particles.ghosts(), 5U);
  filled.particles.data(filled.position)[4 * 14 + 3] = 1.0;
  for (std::size_t row = 0; row < 7; ++row) filled.expect(row, row);
  filled.particles.resize_owned(4);
  EXPECT_EQ(filled.particles.ghosts(), 0U);
  for (std::size_t row = 0; row < 4; ++row) filled.expect(row, row);
}

TEST(Particles, ANewColumnBeginsWithZeros) {
  Filled filled(5);
  const auto late = filled.particles.declare<double>({.name = "late", .components = 2});
  for (std::size_t at = 0; at < 10; ++at) EXPECT_EQ(filled.particles.data(late)[at], 0.0);
  EXPECT_EQ(filled.particles.bytes_by_column().back().name, "late");
  EXPECT_GE(filled.particles.bytes_by_column().back().bytes, 10 * sizeof(double));
}

}  // namespace
}  // namespace orrery
