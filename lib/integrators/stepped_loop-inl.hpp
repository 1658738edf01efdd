/// The loop of every stepped law: blocks of particles outermost, steps inside, state in registers. Once per
/// instruction set.

#if defined(ORRERY_INTEGRATORS_STEPPED_LOOP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_INTEGRATORS_STEPPED_LOOP_INL_HPP
#undef ORRERY_INTEGRATORS_STEPPED_LOOP_INL_HPP
#else
#define ORRERY_INTEGRATORS_STEPPED_LOOP_INL_HPP
#endif

#include "core/vector_lanes-inl.hpp"
#include "laws/columns.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// `registers` registers of particles side by side, over all steps. @pre steps > 0
template <class Stepper, std::size_t registers>
HWY_INLINE void step_registers(const Columns& columns, const LawConstants& constants, std::size_t first,
                               std::int64_t steps) {
  const std::size_t lanes = lane_count();
  Stepper steppers[registers];
  for (std::size_t i = 0; i < registers; ++i) steppers[i].load(columns, constants, first + i * lanes);
  for (std::size_t i = 0; i < registers; ++i) steppers[i].first_step();
  for (std::int64_t step = 1; step < steps; ++step) {
    for (std::size_t i = 0; i < registers; ++i) steppers[i].step();
  }
  for (std::size_t i = 0; i < registers; ++i) steppers[i].store(columns, first + i * lanes);
}

/// A law's `Stepper` says how to load, step and store one register of particles, and how many to keep in
/// flight so that the latency of one step's chain of operations is hidden behind the others.
template <class Stepper>
void step_block(const Columns& columns, const LawConstants& constants, std::size_t first, std::size_t count,
                std::int64_t from, std::int64_t to) {
  if (to <= from) return;
  const std::size_t lanes = lane_count();
  const std::size_t group = Stepper::in_flight * lanes;
  const std::size_t end = first + count;
  std::size_t at = first;
  for (; at + group <= end; at += group)
    step_registers<Stepper, Stepper::in_flight>(columns, constants, at, to - from);
  for (; at + 2 * lanes <= end; at += 2 * lanes)
    step_registers<Stepper, 2>(columns, constants, at, to - from);
  for (; at < end; at += lanes) step_registers<Stepper, 1>(columns, constants, at, to - from);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
