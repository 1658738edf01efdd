#include "bench/machine_loops.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/aligned_vector.hpp"
#include "core/instruction_set.hpp"
#include "core/stopwatch.hpp"

namespace orrery {
namespace {

/// Calls a function with the loops of every instruction set that this processor has.
template <class Function>
void on_every_instruction_set(Function&& function) {
  for (const auto& name : available_instruction_sets()) {
    SCOPED_TRACE(name);
    choose_instruction_set(name);
    function(machine_loops());
  }
  choose_instruction_set("auto");
}

TEST(MachineLoops, ComeToTheirLimitsFromAnywhere) {
  on_every_instruction_set([](const MachineLoops& loops) {
    for (const double start : {0.5, 1.0, 3.0}) {
      EXPECT_NEAR(loops.divide(200, start), MachineLoops::divided, 1e-12);
      EXPECT_NEAR(loops.multiply_add(200, start), MachineLoops::multiplied, 1e-12);
    }
  });
}

TEST(MachineLoops, StartFromWhereTheyAreTold) {
  on_every_instruction_set([](const MachineLoops& loops) {
    for (const auto loop : {loops.divide, loops.multiply_add}) {
      EXPECT_NE(loop(0, 1.0), loop(0, 2.0));
      EXPECT_NE(loop(0, 1.0), loop(1, 1.0));
    }
  });
}

TEST(MachineLoops, MoveEveryNumberAndNoMore) {
  on_every_instruction_set([](const MachineLoops& loops) {
    AlignedVector<double> to(80);
    AlignedVector<double> a(80);
    AlignedVector<double> b(80);
    for (std::size_t at = 0; at < 80; ++at) {
      to[at] = -1.0;
      a[at] = static_cast<double>(at);
      b[at] = 1.0;
    }
    loops.triad(to.data() + 8, a.data() + 8, b.data() + 8, 0.5, 64);
    for (std::size_t at = 0; at < 80; ++at)
      EXPECT_EQ(to[at], at >= 8 && at < 72 ? static_cast<double>(at) + 0.5 : -1.0) << at;
  });
}

/// The shortest of ten times [s].
template <class Function>
double shortest(Function&& work) {
  double seconds = 1.0;
  for (int repeat = 0; repeat < 10; ++repeat) {
    const Stopwatch watch;
    work();
    seconds = std::min(seconds, watch.seconds());
  }
  return seconds;
}

/// A loop that was optimised away would take no time.
TEST(MachineLoops, TakeTimeInProportionToTheirRounds) {
  on_every_instruction_set([](const MachineLoops& loops) {
    for (const auto loop : {loops.divide, loops.multiply_add}) {
      const double few = shortest([&] { EXPECT_GT(loop(10'000, 1.0), 0.0); });
      const double many = shortest([&] { EXPECT_GT(loop(100'000, 1.0), 0.0); });
      EXPECT_GT(many, 3.0 * few);
    }
  });
}

TEST(MachineLoops, DivideNoFasterThanThereAreMachines) {
  on_every_instruction_set([](const MachineLoops& loops) {
    constexpr std::int64_t rounds = 10'000;
    const double seconds = shortest([&] { EXPECT_GT(loops.divide(rounds, 1.0), 0.0); });
    EXPECT_GT(seconds, 8e-9 * rounds) << "eight registers or more, a nanosecond for each";
  });
}

}  // namespace
}  // namespace orrery
