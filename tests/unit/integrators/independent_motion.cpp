#include "integrators/independent_motion.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <array>
#include <bit>
#include <cmath>

#include "core/error.hpp"
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

ParticleStore uniform_particles(std::size_t count) {
  ParticleStore store(2, 1, count);
  ParticleRows rows(2, 1, 0);
  UniformSource(drawn_options(), {"speed"}).read({0, static_cast<std::int64_t>(count)}, rows);
  std::copy(rows.position[0].begin(), rows.position[0].end(), store.initial(0).begin());
  std::copy(rows.position[1].begin(), rows.position[1].end(), store.initial(1).begin());
  std::copy(rows.parameter[0].begin(), rows.parameter[0].end(), store.parameter(0).begin());
  return store;
}

struct Result {
  std::vector<std::uint64_t> bits;
  std::vector<std::uint64_t> totals;
  bool operator==(const Result&) const = default;
};

Result run_on_threads(int threads, std::size_t count, RotationMethod method) {
  omp_set_num_threads(threads);
  ParticleStore store = uniform_particles(count);
  const RotationLaw law(RotationOptions{method, {0, 0}});
  IndependentMotion motion(law, 1e-3, store);
  motion.begin();
  motion.evolve({0, 200}, [](double) {});
  Result result;
  for (std::size_t row = 0; row < count; ++row) {
    result.bits.push_back(std::bit_cast<std::uint64_t>(store.state(0)[row]));
    result.bits.push_back(std::bit_cast<std::uint64_t>(store.state(1)[row]));
  }
  for (const auto& total : motion.measure(200, {})) {
    for (const double value : {total.least, total.most, total.sum.value()})
      result.totals.push_back(std::bit_cast<std::uint64_t>(value));
  }
  return result;
}

TEST(IndependentMotion, GivesTheSameBitsOnAnyNumberOfThreads) {
  for (const auto method :
       {RotationMethod::direct, RotationMethod::newton, RotationMethod::jump, RotationMethod::circle}) {
    for (const std::size_t count : {0U, 1U, 3U, 97U, 10'007U}) {
      const Result expected = run_on_threads(1, count, method);
      for (const int threads : {2, 3, 5})
        EXPECT_EQ(run_on_threads(threads, count, method), expected) << count << " on " << threads;
    }
  }
  omp_set_num_threads(1);
}

TEST(IndependentMotion, SeesOneFlippedBit) {
  // The comparison above must be able to fail.
  ParticleStore store = uniform_particles(100);
  const RotationLaw law;
  const auto final_x = [&] {
    IndependentMotion motion(law, 1e-3, store);
    motion.begin();
    motion.evolve({0, 100}, [](double) {});
    return std::bit_cast<std::uint64_t>(store.state(0)[17]);
  };
  const auto before = final_x();
  store.initial(0)[17] = std::nextafter(store.initial(0)[17], 2.0);
  EXPECT_NE(final_x(), before);
}

TEST(IndependentMotion, CallsMeanwhileOnTheMainThreadAndPassesItsExceptionsOn) {
  omp_set_num_threads(2);
  ParticleStore store = uniform_particles(20'000);
  const RotationLaw law(RotationOptions{RotationMethod::direct, {0, 0}});  // takes long enough
  IndependentMotion motion(law, 1e-5, store);
  motion.begin();
  int calls = 0;
  double last = 0;
  motion.evolve({0, 5000}, [&](double fraction) {
    EXPECT_EQ(omp_get_thread_num(), 0);
    EXPECT_GE(fraction, last);
    EXPECT_LE(fraction, 1.0);
    last = fraction;
    ++calls;
  });
  EXPECT_GT(calls, 3);
  EXPECT_THROW(motion.evolve({5000, 10'000}, [](double) { throw Error(ExitCode::output, "disk full"); }),
               Error);
  omp_set_num_threads(1);
}

TEST(IndependentMotion, TellsOfTheShareOfEveryThread) {
  omp_set_num_threads(3);
  ParticleStore store = uniform_particles(20'000);
  const RotationLaw law;
  IndependentMotion motion(law, 1e-5, store);
  motion.begin();
  const auto before = Interval::Clock::now();
  std::array<int, 3> told{};
  std::array<Interval, 3> worked{};
  const ThreadWatch watch = [&](int thread, Interval interval) {
    EXPECT_EQ(thread, omp_get_thread_num());
    ++told.at(static_cast<std::size_t>(thread));
    worked.at(static_cast<std::size_t>(thread)) = interval;
  };
  motion.evolve(
      {0, 1000}, [](double) {}, watch);
  const auto between = Interval::Clock::now();
  EXPECT_EQ(told, (std::array{1, 1, 1}));
  for (const Interval& interval : worked) {
    EXPECT_LE(before, interval.begin);
    EXPECT_LE(interval.begin, interval.end);
    EXPECT_LE(interval.end, between);
  }
  motion.measure(1000, {}, watch);
  EXPECT_EQ(told, (std::array{2, 2, 2}));
  omp_set_num_threads(1);
}

TEST(IndependentMotion, NamesAParticleThatLeavesTheRangeOfDouble) {
  ParticleStore store = uniform_particles(100);
  store.initial(0)[42] = 1.7e308;
  store.initial(1)[42] = 1.7e308;
  store.parameter(0)[42] = 1.7e308;
  store.set_ids(IdColumn::consecutive(ParticleId{1000}, 100));
  const RotationLaw law;
  IndependentMotion motion(law, 1.0, store);
  motion.begin();
  motion.evolve({0, 10}, [](double) {});
  try {
    motion.measure(10, {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::simulation_failed);
    EXPECT_NE(std::string(error.what()).find("particle 1042"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("step 10"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace orrery
