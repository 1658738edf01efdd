#include "bench/machine_loops.hpp"

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/machine_loops.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "core/vector_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Registers that start apart from each other: the compiler would make one chain of equal ones.
template <std::size_t registers>
HWY_INLINE void spread_out(Real (&x)[registers], double start) {
  for (std::size_t i = 0; i < registers; ++i) x[i] = constant(start + 0.01 * static_cast<double>(i));
}

template <std::size_t registers>
double mean_of(const Real (&x)[registers]) {
  Real sum = hn::Zero(Lanes());
  for (std::size_t i = 0; i < registers; ++i) sum = hn::Add(sum, x[i]);
  return hn::GetLane(hn::SumOfLanes(Lanes(), sum)) / static_cast<double>(registers * lane_count());
}

/// Square root and division take some 34 cycles one after the other and keep the divider busy for some 13:
/// eight registers leave it no pause. Their limit has all its digits, as the numbers of a kernel have.
constexpr std::size_t divide_registers = 8;

double divide(std::int64_t rounds, double start) {
  Real x[divide_registers];
  spread_out(x, start);
  const Real numerator = constant(2.744);
  for (std::int64_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < divide_registers; ++i) x[i] = hn::Div(numerator, hn::Sqrt(x[i]));
  }
  return mean_of(x);
}

/// Two pipes with a latency of four cycles want eight chains, four pipes sixteen. With the two constants,
/// twelve is what sixteen registers hold.
constexpr std::size_t multiply_registers = HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3 ? 12 : 16;

double multiply_add(std::int64_t rounds, double start) {
  Real x[multiply_registers];
  spread_out(x, start);
  const Real factor = constant(0.75);
  const Real term = constant(0.35);
  for (std::int64_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < multiply_registers; ++i) x[i] = hn::MulAdd(x[i], factor, term);
  }
  return mean_of(x);
}

void triad(double* to, const double* a, const double* b, double factor, std::size_t count) {
  const Lanes lanes;
  const Real scale = constant(factor);
  for (std::size_t at = 0; at < count; at += lane_count()) {
    hn::Store(hn::MulAdd(scale, hn::Load(lanes, b + at), hn::Load(lanes, a + at)), lanes, to + at);
  }
}

const MachineLoops* loops_of_this_set() {
  static const MachineLoops loops{.divide = &divide,
                                  .divisions_per_round = divide_registers * lane_count(),
                                  .multiply_add = &multiply_add,
                                  .multiply_adds_per_round = multiply_registers * lane_count(),
                                  .triad = &triad};
  return &loops;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(loops_of_this_set);

const MachineLoops& machine_loops() {
  return *HWY_DYNAMIC_DISPATCH(loops_of_this_set)();
}

}  // namespace orrery

#endif  // HWY_ONCE
