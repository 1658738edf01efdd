#include "particles/noise.hpp"

#include <gtest/gtest.h>

#include <hwy/targets.h>
#include <array>
#include <bit>
#include <cmath>
#include <random>
#include <set>
#include <vector>

namespace orrery {
namespace {

using Columns = std::array<std::vector<double>, 3>;

Columns draw(const NoiseStream& stream, const std::vector<ParticleId>& ids) {
  Columns columns;
  for (auto& column : columns) column.resize(ids.size());
  draw_noise(stream, ids, {columns[0].data(), columns[1].data(), columns[2].data()});
  return columns;
}

std::vector<ParticleId> ids_from(std::uint64_t first, std::size_t count) {
  std::vector<ParticleId> ids;
  for (std::uint64_t id = first; id < first + count; ++id) ids.push_back(ParticleId{id});
  return ids;
}

TEST(Noise, IsTheSameBitsForOneAndForManyOnEveryInstructionSet) {
  std::mt19937_64 random(6);
  const auto targets = hwy::SupportedAndGeneratedTargets();
  EXPECT_FALSE(targets.empty());
  for (const std::int64_t target : targets) {
    hwy::SetSupportedTargetsForTest(target);
    for (const std::size_t count : {0U, 1U, 2U, 3U, 7U, 8U, 15U, 16U, 17U, 33U, 101U}) {
      std::vector<ParticleId> ids(count);
      for (auto& id : ids) id = ParticleId{random() >> (random() % 64)};  // scattered, of all lengths
      const NoiseStream stream{random(), Purpose::thermostat, random() >> (8 + random() % 56)};
      const Columns columns = draw(stream, ids);
      for (std::size_t row = 0; row < count; ++row) {
        const Vec3 expected = noise(stream, ids[row]);
        for (std::size_t axis = 0; axis < 3; ++axis) {
          EXPECT_EQ(std::bit_cast<std::uint64_t>(columns[axis][row]),
                    std::bit_cast<std::uint64_t>(expected[axis]))
              << hwy::TargetName(target) << " " << count << " " << row;
        }
      }
    }
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(Noise, HasTheMomentsOfAUniformNumberOfVarianceOne) {
  constexpr std::size_t count = 200'000;
  const Columns columns = draw({.seed = 3, .step = 17}, ids_from(0, count));
  for (const auto& column : columns) {
    std::array<double, 5> moment{};
    for (const double x : column) {
      EXPECT_LE(std::abs(x), most_noise);
      for (std::size_t power = 1; power < 5; ++power)
        moment[power] += std::pow(x, static_cast<double>(power)) / count;
    }
    // Five standard errors (a false alarm in 1.7 million). E x^2k = 3^k / (2k + 1), so the variances of x,
    // x^2, x^3, x^4 are 1, 9/5 - 1, 27/7 and 9 - 81/25.
    EXPECT_NEAR(moment[1], 0.0, 5 * std::sqrt(1.0 / count));
    EXPECT_NEAR(moment[2], 1.0, 5 * std::sqrt(0.8 / count));
    EXPECT_NEAR(moment[3], 0.0, 5 * std::sqrt(27.0 / 7 / count));
    EXPECT_NEAR(moment[4], 1.8, 5 * std::sqrt(5.76 / count));
  }
}

TEST(Noise, FillsItsRangeEvenly) {
  constexpr std::size_t count = 200'000;
  constexpr std::size_t bins = 64;
  for (const auto& column : draw({.seed = 4, .step = 1}, ids_from(1'000'000, count))) {
    std::array<double, bins> filled{};
    for (const double x : column)
      filled[static_cast<std::size_t>((x / most_noise + 1.0) / 2.0 * bins)] += 1.0;
    double chi_square = 0.0;
    constexpr double expected = static_cast<double>(count) / bins;
    for (const double n : filled) chi_square += (n - expected) * (n - expected) / expected;
    // 63 degrees of freedom: above 131 once in a million.
    EXPECT_LT(chi_square, 131.0);
  }
}

double mean_product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t row = 0; row < a.size(); ++row) sum += a[row] * b[row];
  return sum / static_cast<double>(a.size());
}

TEST(Noise, HasNothingToDoWithThatOfOtherAxesIdsStepsAndSeeds) {
  constexpr std::size_t count = 100'000;
  const double bound = 5 * std::sqrt(1.0 / count);  // five standard errors
  const Columns columns = draw({.seed = 1, .step = 5}, ids_from(0, count));
  EXPECT_NEAR(mean_product(columns[0], columns[1]), 0.0, bound);
  EXPECT_NEAR(mean_product(columns[1], columns[2]), 0.0, bound);
  EXPECT_NEAR(mean_product(columns[2], columns[0]), 0.0, bound);
  const std::array<Columns, 4> others{
      draw({.seed = 1, .step = 5}, ids_from(1, count)), draw({.seed = 1, .step = 6}, ids_from(0, count)),
      draw({.seed = 2, .step = 5}, ids_from(0, count)),
      draw({.seed = 1, .step = 5 + (std::uint64_t{1} << 32)}, ids_from(0, count))};
  for (const auto& other : others)
    for (std::size_t axis = 0; axis < 3; ++axis)
      EXPECT_NEAR(mean_product(columns[axis], other[axis]), 0.0, bound);
}

TEST(Noise, DiffersWhereverItsKeyDoes) {
  std::set<double> seen;
  std::size_t drawn = 0;
  for (const std::uint64_t seed : {0U, 1U, 2U}) {
    for (const auto purpose : {Purpose::initial_velocity, Purpose::thermostat}) {
      for (const std::uint64_t step :
           {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32, (std::uint64_t{1} << 55)}) {
        for (const std::uint64_t id :
             {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
          for (const double x : noise({seed, purpose, step}, ParticleId{id})) seen.insert(x);
          drawn += 3;
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), drawn);
}

TEST(Noise, IsMadeOfTheBlockOfItsSeedPurposeStepAndId) {
  // Seed, id and step as Random123 would be given them by hand; purpose 4.
  const std::uint64_t step = 0x00ab'cdef'0123'4567;
  const Vec3 numbers = noise({.seed = 11, .step = step}, ParticleId{99});
  const auto bits = random_bits({11, 0x04abcdef, 0x01234567}, 99);
  const auto from = [](std::uint64_t word) {
    return (static_cast<long double>(word) + 0.5L) / 0x1p31L - 1.0L;
  };
  const long double root = std::sqrt(3.0L);
  EXPECT_NEAR(numbers[0], static_cast<double>(from(bits[0] & 0xffffffff) * root), 3e-16);
  EXPECT_NEAR(numbers[1], static_cast<double>(from(bits[0] >> 32) * root), 3e-16);
  EXPECT_NEAR(numbers[2], static_cast<double>(from(bits[1] & 0xffffffff) * root), 3e-16);
}

TEST(Noise, LeavesOutTheAxesThatAreNotAskedFor) {
  const auto ids = ids_from(0, 37);
  std::vector<double> y(ids.size());
  draw_noise({.seed = 1}, ids, {nullptr, y.data(), nullptr});
  EXPECT_EQ(y, draw({.seed = 1}, ids)[1]);
}

}  // namespace
}  // namespace orrery
