/// The arithmetic of the rotation, instruction set by instruction set.

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/instruction_set.hpp"
#include "integrators/independent_motion.hpp"
#include "laws/rotation.hpp"
#include "particles/uniform_source.hpp"

namespace orrery {
namespace {

/// Defaults, with the range of speeds that the rotation asks for.
ParticleOptions drawn_options() {
  ParticleOptions options;
  options.ranges = {{.name = "speed", .description = "speed"}};
  return options;
}

struct Particle {
  double x, y, speed;
};

/// State and measures of some particles after some steps.
struct Outcome {
  std::vector<double> x, y, vx, vy;
  std::vector<QuantityTotals> totals;
};

Outcome run(const std::vector<Particle>& particles, RotationMethod method, double step, std::int64_t steps,
            Vec2 centre = {0, 0}, const std::string& instructions = "auto", std::int64_t cut_at = 0) {
  choose_instruction_set(instructions);
  const RotationLaw law(RotationOptions{method, centre});
  ParticleStore store(2, 1, particles.size());
  for (std::size_t row = 0; row < particles.size(); ++row) {
    store.initial(0)[row] = particles[row].x;
    store.initial(1)[row] = particles[row].y;
    store.parameter(0)[row] = particles[row].speed;
  }
  IndependentMotion motion(law, step, store);
  motion.begin();
  motion.evolve({0, cut_at}, [](double) {});
  motion.evolve({cut_at, steps}, [](double) {});

  Outcome outcome;
  outcome.totals = motion.measure(steps, {});
  AlignedVector<double> x(block_size), y(block_size), vx(block_size), vy(block_size);
  const Sample sample{{x.data(), y.data(), nullptr}, {vx.data(), vy.data(), nullptr}};
  for (std::size_t first = 0; first < particles.size(); first += block_size) {
    const std::size_t count = std::min(block_size, particles.size() - first);
    motion.sample(steps, nullptr, first, count, sample);
    outcome.x.insert(outcome.x.end(), x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count));
    outcome.y.insert(outcome.y.end(), y.begin(), y.begin() + static_cast<std::ptrdiff_t>(count));
    outcome.vx.insert(outcome.vx.end(), vx.begin(), vx.begin() + static_cast<std::ptrdiff_t>(count));
    outcome.vy.insert(outcome.vy.end(), vy.begin(), vy.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return outcome;
}

/// Ordinary particles, and all the odd ones: at rest, at the centre, nearly there, far out, too fast,
/// negative zeros.
std::vector<Particle> all_sorts() {
  std::vector<Particle> particles{{0.3, 0.5, 0.0},        {0.0, 0.0, 1.0},        {-0.0, 0.0, -1.0},
                                  {-0.3, -0.0, -0.0},     {1e-9, -1e-9, 1.0},     {1e-200, 0.0, 1.0},
                                  {5e-324, -5e-324, 1.0}, {1e200, 1e190, 1e195},  {0.5, 0.25, 1e-300},
                                  {0.5, 0.25, 5e-324},    {1e-100, 1e-120, 1e50}, {-0.0, 0.7, 2.0},
                                  {1e-320, 1e-310, 1e-3}, {1e300, -1e300, 1e-3},  {3.0, 4.0, 1e3}};
  ParticleRows rows(2, 1, 0);
  UniformSource(drawn_options(), {"speed"}).read({0, 500}, rows);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    particles.push_back({rows.position[0][row], rows.position[1][row], rows.parameter[0][row]});
  }
  return particles;
}

void expect_same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t row = 0; row < a.size(); ++row) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a[row]), std::bit_cast<std::uint64_t>(b[row])) << "row " << row;
  }
}

void expect_same_bits(const Outcome& a, const Outcome& b) {
  expect_same_bits(a.x, b.x);
  expect_same_bits(a.y, b.y);
  expect_same_bits(a.vx, b.vx);
  expect_same_bits(a.vy, b.vy);
  for (std::size_t quantity = 0; quantity < a.totals.size(); ++quantity) {
    expect_same_bits({a.totals[quantity].least, a.totals[quantity].most, a.totals[quantity].sum.value()},
                     {b.totals[quantity].least, b.totals[quantity].most, b.totals[quantity].sum.value()});
  }
}

std::string name_of_method(const testing::TestParamInfo<RotationMethod>& method) {
  return std::string(RotationLaw(RotationOptions{method.param, {0, 0}}).method());
}

class EveryMethod : public testing::TestWithParam<RotationMethod> {};

INSTANTIATE_TEST_SUITE_P(Rotation, EveryMethod,
                         testing::Values(RotationMethod::direct, RotationMethod::newton, RotationMethod::jump,
                                         RotationMethod::circle),
                         &name_of_method);

TEST_P(EveryMethod, GivesTheSameBitsOnEveryInstructionSet) {
  const auto sets = available_instruction_sets();
  ASSERT_FALSE(sets.empty());
  const auto particles = all_sorts();
  const Outcome expected = run(particles, GetParam(), 1e-3, 300, {0, 0}, sets.front());
  const Outcome off_centre = run(particles, GetParam(), 1e-3, 300, {0.1, -7.0}, sets.front());
  for (const auto& set : sets) {
    SCOPED_TRACE(set);
    expect_same_bits(expected, run(particles, GetParam(), 1e-3, 300, {0, 0}, set));
    expect_same_bits(off_centre, run(particles, GetParam(), 1e-3, 300, {0.1, -7.0}, set));
  }
}

TEST_P(EveryMethod, GivesTheSameBitsHoweverTheStepsAreCut) {
  const auto particles = all_sorts();
  for (const Vec2 centre : {Vec2{0, 0}, Vec2{0.1, -7.0}}) {
    const Outcome expected = run(particles, GetParam(), 1e-3, 300, centre);
    for (const std::int64_t cut : {1, 2, 63, 64, 65, 150, 299})
      expect_same_bits(expected, run(particles, GetParam(), 1e-3, 300, centre, "auto", cut));
  }
}

TEST_P(EveryMethod, GivesEveryParticleTheSameBitsInWhateverCompany) {
  const auto particles = all_sorts();
  const Outcome together = run(particles, GetParam(), 1e-3, 50);
  for (std::size_t row = 0; row < particles.size(); row += 7) {
    const Outcome alone = run({particles[row]}, GetParam(), 1e-3, 50);
    expect_same_bits({alone.x[0], alone.y[0]}, {together.x[row], together.y[row]});
  }
}

TEST_P(EveryMethod, LeavesParticlesWithoutSpeedAndAtTheCentreWhereTheyAre) {
  const std::vector<Particle> particles{
      {0.3, -0.7, 0.0}, {0.1, -7.0, 2.0}, {-0.0, 0.0, 0.0}, {0.25, 1e-300, -0.0}};
  const Outcome outcome = run(particles, GetParam(), 1e-2, 1000, {0.1, -7.0});
  for (std::size_t row = 0; row < particles.size(); ++row) {
    expect_same_bits({outcome.x[row], outcome.y[row]}, {particles[row].x, particles[row].y});
    expect_same_bits({outcome.vx[row], outcome.vy[row]}, {0.0, 0.0});
  }
}

TEST_P(EveryMethod, NeverLetsANotANumberOut) {
  for (const double step : {1e-7, 1e-3, 10.0}) {
    const Outcome outcome = run(all_sorts(), GetParam(), step, 100);
    for (const auto* values : {&outcome.x, &outcome.y, &outcome.vx, &outcome.vy}) {
      for (std::size_t row = 0; row < values->size(); ++row)
        EXPECT_TRUE(std::isfinite((*values)[row])) << row;
    }
  }
}

TEST_P(EveryMethod, MirrorsThePathWhenTheSpeedChangesSign) {
  auto particles = all_sorts();
  const Outcome outcome = run(particles, GetParam(), 1e-3, 100);
  for (auto& particle : particles) {
    particle.y = -particle.y;
    particle.speed = -particle.speed;
  }
  const Outcome mirrored = run(particles, GetParam(), 1e-3, 100);
  for (std::size_t row = 0; row < particles.size(); ++row) {
    EXPECT_EQ(mirrored.x[row], outcome.x[row]) << row;
    EXPECT_EQ(mirrored.y[row], -outcome.y[row]) << row;
  }
}

TEST_P(EveryMethod, MovesAtRightAnglesToTheRadiusWithTheSpeedOfTheParticle) {
  ParticleRows rows(2, 1, 0);
  UniformSource(drawn_options(), {"speed"}).read({0, 300}, rows);
  std::vector<Particle> particles;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    particles.push_back({rows.position[0][row], rows.position[1][row], rows.parameter[0][row]});
  }
  const Outcome outcome = run(particles, GetParam(), 1e-4, 100);
  for (std::size_t row = 0; row < particles.size(); ++row) {
    const double speed = std::abs(particles[row].speed);
    EXPECT_NEAR(std::hypot(outcome.vx[row], outcome.vy[row]), speed, 4e-16 * speed);
    const double turning = outcome.x[row] * outcome.vy[row] - outcome.y[row] * outcome.vx[row];
    EXPECT_EQ(turning > 0, particles[row].speed > 0);
    EXPECT_NEAR(outcome.x[row] * outcome.vx[row] + outcome.y[row] * outcome.vy[row], 0,
                1e-15 * std::abs(turning));
  }
}

class EverySteppedMethod : public testing::TestWithParam<RotationMethod> {};

INSTANTIATE_TEST_SUITE_P(Rotation, EverySteppedMethod,
                         testing::Values(RotationMethod::direct, RotationMethod::newton,
                                         RotationMethod::jump),
                         &name_of_method);

TEST_P(EverySteppedMethod, LetsTheSquaredRadiusGrowByTheSquareOfEachStep) {
  // Squaring and rounding of the result alone, where there is one rounding to the motion.
  const double tolerance = GetParam() == RotationMethod::jump ? 1e-15 : 1e-12;
  const std::vector<Particle> particles{{0.3, 0.5, 1.0}, {-1e-3, 2e-3, -0.5}, {10.0, 0.0, 3.0}, {1e-9, 0, 1}};
  constexpr double step = 1e-4;
  constexpr std::int64_t steps = 10'000;
  const Outcome outcome = run(particles, GetParam(), step, steps);
  for (std::size_t row = 0; row < particles.size(); ++row) {
    const auto& p = particles[row];
    const double expected =
        p.x * p.x + p.y * p.y + static_cast<double>(steps) * p.speed * step * p.speed * step;
    const double found = outcome.x[row] * outcome.x[row] + outcome.y[row] * outcome.y[row];
    EXPECT_NEAR(found, expected, tolerance * expected) << row;
  }
  EXPECT_LT(outcome.totals[1].most, tolerance);
}

TEST(RotationJump, EndsInTheSamePointByOneJumpAndByTwo) {
  constexpr double step = 1e-3;
  const auto particles = all_sorts();
  const Outcome once = run(particles, RotationMethod::jump, step, 1000);
  for (const std::int64_t cut : {1, 10, 500, 999}) {
    const Outcome first = run(particles, RotationMethod::jump, step, cut);
    std::vector<Particle> halfway;
    for (std::size_t row = 0; row < particles.size(); ++row)
      halfway.push_back({first.x[row], first.y[row], particles[row].speed});
    const Outcome twice = run(halfway, RotationMethod::jump, step, 1000 - cut);
    for (std::size_t row = 0; row < particles.size(); ++row) {
      const double radius = std::hypot(once.x[row], once.y[row]);
      const double distance = std::hypot(twice.x[row] - once.x[row], twice.y[row] - once.y[row]);
      // The position in between is rounded, which turns a particle near the centre by more than one far out.
      EXPECT_LE(distance, 4e-15 * radius) << row << ", cut at " << cut;
    }
  }
}

TEST(Rotation, SaysHowManyParticlesMoveByWhichForm) {
  // One at rest, one at the centre, one with a step longer than its radius, one of a hundredth of it, one
  // slow.
  const std::vector<Particle> particles{{1, 0, 0}, {0, 0, 1}, {1e-4, 0, 1}, {0.1, 0, 1}, {0.9, 0.4, 0.1}};
  const auto forms_of = [&](RotationMethod method) {
    const RotationLaw law(RotationOptions{method, {0, 0}});
    ParticleStore store(2, 1, particles.size());
    for (std::size_t row = 0; row < particles.size(); ++row) {
      store.initial(0)[row] = particles[row].x;
      store.initial(1)[row] = particles[row].y;
      store.parameter(0)[row] = particles[row].speed;
    }
    return IndependentMotion(law, 1e-3, store).count_forms();
  };
  EXPECT_EQ(forms_of(RotationMethod::direct), (std::vector<std::int64_t>{3, 0, 2}));
  EXPECT_EQ(forms_of(RotationMethod::newton), (std::vector<std::int64_t>{1, 2, 2}));
  EXPECT_EQ(forms_of(RotationMethod::jump), (std::vector<std::int64_t>{2, 1, 2}));
  EXPECT_EQ(forms_of(RotationMethod::circle), (std::vector<std::int64_t>{3, 0, 2}));
}

TEST(RotationDirect, SeesADeparturefromTheLawOfGrowth) {
  // The measure must be able to fail: states of one speed, measured as another's.
  const RotationLaw law(RotationOptions{RotationMethod::direct, {0, 0}});
  ParticleStore store(2, 1, 1);
  store.initial(0)[0] = 0.1;
  store.initial(1)[0] = 0.0;
  store.parameter(0)[0] = 1.0;
  IndependentMotion motion(law, 1e-3, store);
  motion.begin();
  motion.evolve({0, 100}, [](double) {});
  EXPECT_LT(motion.measure(100, {})[1].most, 1e-13);
  store.parameter(0)[0] = 2.0;
  EXPECT_GT(motion.measure(100, {})[1].most, 1e-3);
}

TEST(RotationCircle, KeepsTheRadius) {
  const std::vector<Particle> particles{
      {0.3, 0.5, 1.0}, {-1e-3, 2e-3, -0.5}, {1e-200, 1e-210, 1e-203}, {1e200, 3e199, 1e198}};
  const Outcome outcome = run(particles, RotationMethod::circle, 1e-2, 1000);
  for (std::size_t row = 0; row < particles.size(); ++row) {
    const double r0 = std::hypot(particles[row].x, particles[row].y);
    EXPECT_NEAR(std::hypot(outcome.x[row], outcome.y[row]), r0, 5e-16 * r0) << row;
  }
}

TEST(RotationCircle, ReturnsAfterAFullTurn) {
  // r = 1 and s = 2 pi / 64, rounded: 64 units of time are one turn, to the rounding of s.
  const Outcome outcome = run({{1.0, 0.0, 0x1.921fb54442d18p-4}}, RotationMethod::circle, 1.0, 64);
  EXPECT_NEAR(outcome.x[0], 1.0, 4e-16);
  EXPECT_NEAR(outcome.y[0], -2.4492935982947064e-16, 1e-30);  // sin of 2 pi rounded to double
}

TEST(RotationCircle, ShowsAParticleAtItsStartWhenItsAngleIsBeyondDouble) {
  const Outcome outcome = run({{1e-200, 2e-200, 1.0}}, RotationMethod::circle, 1e-3, 1000);
  EXPECT_EQ(outcome.x[0], 1e-200);
  EXPECT_EQ(outcome.y[0], 2e-200);
}

TEST(Rotation, NeedsNoAccuracyNearADistantCentre) {
  // A centre far away costs one rounding of the position, not one per step.
  const Outcome near = run({{0.25, 0.5, 1.0}}, RotationMethod::direct, 1e-4, 10'000);
  const Outcome far =
      run({{0x1p20 + 0.25, 0.5 - 0x1p20, 1.0}}, RotationMethod::direct, 1e-4, 10'000, {0x1p20, -0x1p20});
  EXPECT_EQ(far.x[0], 0x1p20 + near.x[0]);
  EXPECT_EQ(far.y[0], near.y[0] - 0x1p20);
}

/// FNV-1a over the bits of positions, velocities and totals.
std::uint64_t digest_of(const Outcome& outcome) {
  std::uint64_t digest = 14695981039346656037U;
  const auto include = [&digest](double value) {
    for (std::uint64_t bits = std::bit_cast<std::uint64_t>(value), byte = 0; byte < 8; ++byte, bits >>= 8) {
      digest = (digest ^ (bits & 0xff)) * 1099511628211U;
    }
  };
  for (const auto* values : {&outcome.x, &outcome.y, &outcome.vx, &outcome.vy}) {
    for (const double value : *values) include(value);
  }
  for (const auto& total : outcome.totals) {
    for (const double value : {total.least, total.most, total.sum.value()}) include(value);
  }
  return digest;
}

TEST(Rotation, HasTheStoredDigestsWithEveryCompiler) {
  // A change of these numbers is a change of results: it needs a reason, stated in docs/changes.
  EXPECT_EQ(digest_of(run(all_sorts(), RotationMethod::direct, 1e-3, 300, {0.1, -7.0})),
            5985114485667671085U);
  EXPECT_EQ(digest_of(run(all_sorts(), RotationMethod::newton, 1e-3, 300, {0.1, -7.0})),
            2540147278173492337U);
  EXPECT_EQ(digest_of(run(all_sorts(), RotationMethod::jump, 1e-3, 300, {0.1, -7.0})), 9736995580008507299U);
  EXPECT_EQ(digest_of(run(all_sorts(), RotationMethod::circle, 1e-3, 300, {0.1, -7.0})),
            15224073497766486988U);
}

}  // namespace
}  // namespace orrery
