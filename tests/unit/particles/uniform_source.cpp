#include "particles/uniform_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "particles/random_numbers.hpp"

namespace orrery {
namespace {

/// Defaults, with the range of speeds that the rotation asks for.
ParticleOptions drawn_options() {
  ParticleOptions options;
  options.ranges = {{.name = "speed", .description = "speed"}};
  return options;
}

ParticleRows read(const ParticleOptions& options, Range range) {
  ParticleRows rows(2, 1, 0);
  UniformSource(options, {"speed"}).read(range, rows);
  return rows;
}

TEST(UniformSource, MakesTheSameParticleForTheSameIdWhateverTheRange) {
  const ParticleOptions options = drawn_options();
  const auto all = read(options, {0, 100});
  const auto part = read(options, {37, 41});
  for (std::size_t row = 0; row < 4; ++row) {
    EXPECT_EQ(part.id[row], ParticleId{37 + row});
    EXPECT_EQ(part.position[0][row], all.position[0][37 + row]);
    EXPECT_EQ(part.position[1][row], all.position[1][37 + row]);
    EXPECT_EQ(part.parameter[0][row], all.parameter[0][37 + row]);
  }
}

TEST(UniformSource, DrawsSideBySideWhatItDrawsOneByOne) {
  // Whole registers, a rest, and ids beyond 32 bits; against the library's own generator.
  for (const std::int64_t first : {std::int64_t{0}, std::int64_t{3}, (std::int64_t{1} << 32) - 5}) {
    ParticleOptions options = drawn_options();
    options.seed = 0x123456789abcdef0;
    options.low = {-1, 2};
    options.high = {1, 1e300};
    const auto rows = read(options, {first, first + 21});
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto id = static_cast<std::uint64_t>(first) + row;
      const auto place = random_bits({options.seed, 1, 0}, id);
      const auto parameter = random_bits({options.seed, 1, 1}, id);
      EXPECT_EQ(rows.position[0][row], uniform_number(place[0], -1, 1)) << id;
      EXPECT_EQ(rows.position[1][row], uniform_number(place[1], 2, 1e300)) << id;
      EXPECT_EQ(rows.parameter[0][row], uniform_number(parameter[0], -1, 1)) << id;
    }
  }
}

TEST(UniformSource, FillsItsRangesEvenly) {
  ParticleOptions options = drawn_options();
  options.low = {-1, 2};
  options.high = {1, 6};
  options.ranges[0].low = 0.5;
  options.ranges[0].high = 0.75;
  constexpr std::int64_t count = 100'000;
  const auto rows = read(options, {0, count});
  const auto check = [](const std::vector<double>& values, double low, double high) {
    double mean = 0;
    double variance = 0;
    for (const double value : values) {
      EXPECT_GE(value, low);
      EXPECT_LE(value, high);
      mean += value / count;
    }
    for (const double value : values) variance += (value - mean) * (value - mean) / count;
    const double width = high - low;
    // Five standard errors of mean and variance of a uniform distribution.
    EXPECT_NEAR(mean, (low + high) / 2, 5 * width / std::sqrt(12.0 * count));
    EXPECT_NEAR(variance, width * width / 12, 5 * width * width / std::sqrt(180.0 * count));
  };
  check(rows.position[0], -1, 1);
  check(rows.position[1], 2, 6);
  check(rows.parameter[0], 0.5, 0.75);
}

TEST(UniformSource, GivesUnrelatedParticlesForNeighbouringSeeds) {
  ParticleOptions first = drawn_options();
  ParticleOptions second = drawn_options();
  second.seed = first.seed + 1;
  const auto a = read(first, {0, 1000});
  const auto b = read(second, {0, 1000});
  for (std::size_t row = 0; row < 1000; ++row) {
    EXPECT_NE(a.position[0][row], b.position[0][row]);
    // Not the same numbers shifted by one either.
    if (row > 0) {
      EXPECT_NE(a.position[0][row], b.position[0][row - 1]);
    }
  }
}

TEST(UniformNumber, SpansItsRangeFromTheLowEnd) {
  EXPECT_EQ(uniform_number(0, -1, 1), -1.0);
  EXPECT_LT(uniform_number(~std::uint64_t{0}, 0, 1), 1.0);
}

TEST(UniformNumber, DoesNotOverflowInTheWidestRange) {
  constexpr double most = std::numeric_limits<double>::max();
  EXPECT_EQ(uniform_number(std::uint64_t{1} << 63, -most, most), 0.0);
}

}  // namespace
}  // namespace orrery
