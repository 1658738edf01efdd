#include "particles/initial_velocities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>
#include <random>

#include "core/option_set.hpp"
#include "particles/random_numbers.hpp"

namespace orrery {
namespace {

__extension__ using Wide = __int128;

struct Case {
  std::uint64_t seed = 5;
  std::int64_t count = 1000;
  int axes = 3;
  double temperature = 1.44;
  double mass = 1.0;
  int grid_bits = 44;
  std::vector<double> masses{};  ///< of species; none: all are of one
  std::vector<double> shares{};
  Boundaries boundary{};
};

/// Particles split over several parts as over ranks: sums travel as digits.
class Parts {
public:
  Parts(const Case& of, std::vector<std::vector<ParticleId>> ids) : case_(of), ids_(std::move(ids)) {
    if (!of.masses.empty()) mixture_.emplace(of.seed, of.count, of.shares);
    for (const auto& part : ids_) {
      velocities_.emplace_back(static_cast<std::size_t>(of.axes), std::vector<double>(part.size()));
      std::vector<std::span<double>> columns(velocities_.back().begin(), velocities_.back().end());
      if (mixture_) {
        parts_.emplace_back(of.seed, of.count, part, columns, of.grid_bits, *mixture_, case_.masses,
                            of.boundary);
      } else {
        parts_.emplace_back(of.seed, of.count, part, columns, of.grid_bits, of.boundary);
      }
    }
  }

  void run() {
    for (auto& part : parts_) part.draw();
    const auto mean = momentum();
    for (auto& part : parts_) part.remove_mean(mean);
    ExactSum kinetic;
    for (const auto& part : parts_) kinetic.add(ExactSum::from_digits(part.kinetic().digits()));
    for (auto& part : parts_) part.scale(kinetic, case_.temperature, case_.mass);
    const auto rest = momentum();
    for (auto& part : parts_) part.remove_remainder(rest);
  }

  std::array<ExactSum, 3> momentum() const {
    std::array<ExactSum, 3> total;
    for (const auto& part : parts_) {
      const auto sums = part.momentum();
      for (std::size_t axis = 0; axis < 3; ++axis)
        total[axis].add(ExactSum::from_digits(sums[axis].digits()));
    }
    return total;
  }

  /// Shape (axes, count), in order of id.
  std::vector<std::vector<double>> by_id() const {
    std::vector<std::vector<double>> sorted(static_cast<std::size_t>(case_.axes),
                                            std::vector<double>(static_cast<std::size_t>(case_.count)));
    for (std::size_t part = 0; part < ids_.size(); ++part)
      for (std::size_t axis = 0; axis < sorted.size(); ++axis)
        for (std::size_t row = 0; row < ids_[part].size(); ++row)
          sorted[axis][number(ids_[part][row])] = velocities_[part][axis][row];
    return sorted;
  }

private:
  Case case_;
  std::optional<Mixture> mixture_;
  std::vector<std::vector<ParticleId>> ids_;
  std::vector<std::vector<std::vector<double>>> velocities_;  // shape (parts, axes, rows)
  std::vector<InitialVelocities> parts_;
};

std::vector<std::vector<ParticleId>> in_one_part(std::int64_t count) {
  std::vector<ParticleId> ids;
  for (std::int64_t id = 0; id < count; ++id) ids.push_back(ParticleId{static_cast<std::uint64_t>(id)});
  return {ids};
}

std::vector<std::vector<double>> velocities_of(const Case& of) {
  Parts parts(of, in_one_part(of.count));
  parts.run();
  return parts.by_id();
}

/// In units of the grid; every velocity is a whole number of them.
std::vector<std::int64_t> in_units(const std::vector<double>& column, int grid_bits) {
  std::vector<std::int64_t> units;
  for (const double v : column) {
    const double scaled = std::ldexp(v, grid_bits);
    EXPECT_EQ(scaled, std::floor(scaled));
    units.push_back(static_cast<std::int64_t>(scaled));
  }
  return units;
}

TEST(InitialVelocities, HaveNoMomentumAtAll) {
  for (const std::int64_t count : {2, 3, 7, 1000, 20'000}) {
    for (const int axes : {2, 3}) {
      const Case of{.count = count, .axes = axes};
      for (const auto& column : velocities_of(of)) {
        const auto units = in_units(column, of.grid_bits);
        EXPECT_EQ(std::accumulate(units.begin(), units.end(), std::int64_t{0}), 0) << count << " " << axes;
      }
    }
  }
}

TEST(InitialVelocities, HaveTheirTemperature) {
  for (const auto& of : {Case{}, Case{.count = 2}, Case{.count = 3, .axes = 2}, Case{.temperature = 1e-4},
                         Case{.temperature = 300, .mass = 18}, Case{.count = 30'000, .axes = 2}}) {
    long double twice_energy = 0;
    for (const auto& column : velocities_of(of))
      for (const double v : column) twice_energy += static_cast<long double>(v) * of.mass * v;
    const auto degrees = static_cast<double>(of.axes * (of.count - 1));
    // A rounding to the grid for every velocity, and some of double.
    const double grid = std::ldexp(1.0, -of.grid_bits) / std::sqrt(of.temperature / of.mass);
    EXPECT_NEAR(static_cast<double>(twice_energy) / degrees / of.temperature, 1.0, 2 * grid + 1e-14)
        << of.count << " " << of.temperature;
  }
}

TEST(InitialVelocities, HaveTheirTemperatureBetweenWalls) {
  constexpr auto periodic = Boundary::periodic, wall = Boundary::reflect, open = Boundary::open;
  for (const Boundaries& boundary :
       {Boundaries{wall, wall, wall}, Boundaries{periodic, open, wall}, Boundaries{open, open, periodic},
        Boundaries{wall, periodic, periodic}}) {
    for (const int axes : {2, 3}) {
      for (const std::int64_t count : {1, 2, 10, 1000}) {
        const Case of{.count = count, .axes = axes, .boundary = boundary};
        const auto walls = std::count(boundary.begin(), boundary.begin() + axes, wall);
        const auto degrees = static_cast<double>(axes * count - (axes - walls));
        EXPECT_EQ(degrees_of_freedom(axes, boundary, count, false), degrees);
        EXPECT_EQ(degrees_of_freedom(axes, boundary, count, true), static_cast<double>(axes * count));
        double energy = 0.0;
        const auto velocities = velocities_of(of);
        for (std::size_t axis = 0; axis < velocities.size(); ++axis) {
          for (const double v : velocities[axis]) energy += v * v;
          const auto units = in_units(velocities[axis], of.grid_bits);
          const bool stays = std::accumulate(units.begin(), units.end(), std::int64_t{0}) == 0;
          EXPECT_EQ(stays, boundary[axis] != wall) << count << " " << axis;
        }
        EXPECT_NEAR(energy, degrees * of.temperature, 1e-10 * degrees) << count << " " << axes;
      }
    }
  }
}

TEST(InitialVelocities, AreTheSameBitsHoweverParticlesAreSplit) {
  for (const int axes : {2, 3}) {
    const Case of{.count = 1003, .axes = axes, .grid_bits = 30};
    const auto expected = velocities_of(of);
    auto ids = in_one_part(of.count).front();
    std::mt19937_64 random(4);
    for (const std::size_t parts : {1U, 3U, 8U}) {
      std::shuffle(ids.begin(), ids.end(), random);
      std::vector<std::vector<ParticleId>> split(parts);
      // Uneven, and the last part is empty.
      for (const auto id : ids) split[parts == 1 ? 0 : random() % (parts - 1)].push_back(id);
      Parts drawn(of, split);
      drawn.run();
      const auto velocities = drawn.by_id();
      for (std::size_t axis = 0; axis < expected.size(); ++axis)
        for (std::size_t id = 0; id < expected[axis].size(); ++id)
          EXPECT_EQ(std::bit_cast<std::uint64_t>(velocities[axis][id]),
                    std::bit_cast<std::uint64_t>(expected[axis][id]));
    }
  }
}

/// In whole numbers of 128 bits: masses are multiples of 2^-20.
TEST(InitialVelocities, OfAMixtureHaveItsTemperatureAndHardlyAnyMomentum) {
  constexpr double mass_unit = 0x1p-20;
  for (const Case& of : {Case{.masses = {1.0, 7.0 + mass_unit}, .shares = {0.5, 0.5}},
                         Case{.count = 5000,
                         .axes = 2,
                         .grid_bits = 47,
                         .masses = {40.25, 3.0, 1.0 + 3 * mass_unit},
                         .shares = {0.1, 0.6, 0.3}},
                         Case{.count = 20, .masses = {1000.0, 1.0}, .shares = {0.95, 0.05}},
                         Case{.count = 1000, .masses = {0.5, 2.0, 8.0}, .shares = {0, 0.5, 0.5}}}) {
    Case mixed = of;
    mixed.mass = 1.0;
    Parts parts(mixed, in_one_part(of.count));
    parts.run();
    const auto velocities = parts.by_id();
    const Mixture mixture(of.seed, of.count, of.shares);
    double least_mass = 1e9;
    for (std::size_t species = 0; species < of.masses.size(); ++species)
      if (mixture.count_of(species) > 0) least_mass = std::min(least_mass, of.masses[species]);
    long double twice_energy = 0;
    for (const auto& column : velocities) {
      const auto units = in_units(column, of.grid_bits);
      Wide momentum = 0;
      for (std::size_t id = 0; id < units.size(); ++id) {
        const double mass = of.masses[static_cast<std::size_t>(mixture.place_of(ParticleId{id}).species)];
        momentum += static_cast<Wide>(units[id]) * static_cast<std::int64_t>(mass / mass_unit);
        twice_energy += static_cast<long double>(column[id]) * mass * column[id];
      }
      EXPECT_LE(std::abs(static_cast<double>(momentum)), 0.5 * least_mass / mass_unit);
    }
    const double expected = of.axes * (static_cast<double>(of.count) - 1) * of.temperature;
    EXPECT_NEAR(static_cast<double>(twice_energy), expected, 1e-11 * expected);
  }
}

TEST(InitialVelocities, OfAMixtureAreTheSameBitsHoweverParticlesAreSplit) {
  Case of{.mass = 1.0, .masses = {1.0, 3.3, 0.7}, .shares = {0.2, 0.5, 0.3}};
  Parts whole(of, in_one_part(of.count));
  whole.run();
  std::vector<std::vector<ParticleId>> ids(4);
  for (std::int64_t id = 0; id < of.count; ++id)
    ids[static_cast<std::size_t>(id * id % 3)].push_back(ParticleId{static_cast<std::uint64_t>(id)});
  Parts split(of, ids);
  split.run();
  EXPECT_EQ(whole.by_id(), split.by_id());
}

TEST(InitialVelocities, AreDrawnWithTheMomentsOfIrwinAndHall) {
  constexpr std::int64_t count = 100'000;
  const auto ids = in_one_part(count).front();
  std::vector<std::vector<double>> drawn(3, std::vector<double>(count));
  InitialVelocities velocities(9, count, ids, {drawn[0], drawn[1], drawn[2]}, 44);
  velocities.draw();
  for (const auto& column : drawn) {
    std::array<double, 5> moment{};
    for (const double v : column) {
      EXPECT_LE(std::abs(v), 6.0);
      for (std::size_t power = 1; power < 5; ++power) moment[power] += std::pow(v, power) / count;
    }
    // Five standard errors: variances of v, v^2, v^3, v^4 are 1, 1.9, 13.55 and 77.2, from the even moments
    // 1, 2.9, 13.55 and 85.6 of the sum of twelve.
    EXPECT_NEAR(moment[1], 0.0, 5 * std::sqrt(1.0 / count));
    EXPECT_NEAR(moment[2], 1.0, 5 * std::sqrt(1.9 / count));
    EXPECT_NEAR(moment[3], 0.0, 5 * std::sqrt(13.55 / count));
    EXPECT_NEAR(moment[4], 2.9, 5 * std::sqrt(77.2 / count));
  }
  // Axes and neighbours have nothing to do with each other.
  double across_axes = 0;
  double across_ids = 0;
  for (std::size_t id = 1; id < count; ++id) {
    across_axes += drawn[0][id] * drawn[1][id] / count;
    across_ids += drawn[0][id] * drawn[0][id - 1] / count;
  }
  EXPECT_NEAR(across_axes, 0.0, 5 * std::sqrt(1.0 / count));
  EXPECT_NEAR(across_ids, 0.0, 5 * std::sqrt(1.0 / count));
}

TEST(InitialVelocities, AreDrawnFromTheTwelveNumbersOfTheirIdAndAxis) {
  const std::vector<ParticleId> ids{ParticleId{(std::uint64_t{1} << 40) + 3}};
  std::vector<double> x(1);
  std::vector<double> y(1);
  InitialVelocities velocities(9, std::int64_t{1} << 41, ids, {x, y}, 44);
  velocities.draw();
  double sum = -6.0;
  for (std::uint32_t draw = 3; draw < 6; ++draw) {
    for (const auto bits : random_bits({9, 3, draw}, number(ids[0])))
      for (const auto word : {bits & 0xffffffff, bits >> 32}) sum += static_cast<double>(word) / 0xffffffff;
  }
  EXPECT_NEAR(y[0], sum, 1e-9);
}

TEST(InitialVelocities, TakeWhatIsLeftOffTheLowestIds) {
  const Case of{.count = 5};
  Parts parts(of, in_one_part(of.count));
  const auto ids = in_one_part(of.count).front();
  std::vector<double> x{3, 0, 0, 1, -1};  // in units of 1
  std::vector<double> y{-7, -6, 0, 0, 0};
  InitialVelocities velocities(1, of.count, ids, {x, y}, 0);
  velocities.remove_remainder(velocities.momentum());
  EXPECT_EQ(x, (std::vector<double>{2, -1, -1, 1, -1}));
  EXPECT_EQ(y, (std::vector<double>{-4, -3, 3, 2, 2}));
}

TEST(InitialVelocities, AreZeroForOneParticleAndAtRest) {
  for (const auto& of : {Case{.count = 1}, Case{.temperature = 0}}) {
    for (const auto& column : velocities_of(of))
      for (const double v : column) EXPECT_EQ(std::bit_cast<std::uint64_t>(v), 0U);
  }
  EXPECT_EQ(velocities_of({.count = 0}).front().size(), 0U);
}

TEST(InitialVelocities, RefuseATemperatureOutOfTheGridsRange) {
  EXPECT_THROW(velocities_of({.temperature = 1e6, .grid_bits = 44}), OptionConflict);
  EXPECT_THROW(velocities_of({.temperature = 1e-16, .grid_bits = 44}), OptionConflict);
  EXPECT_NO_THROW(velocities_of({.temperature = 1e6, .grid_bits = 34}));
}

}  // namespace
}  // namespace orrery
