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

/// Where the leg ends that step `step` is in, or `to` if that is sooner.
HWY_INLINE std::int64_t end_of_leg(std::int64_t step, std::int64_t to, std::int64_t leg) {
  const std::int64_t rest_of_leg = leg - step % leg;
  return to - step < rest_of_leg ? to : step + rest_of_leg;
}

/// `count` steppers side by side. By name and not in an array: what an array holds the compiler may leave in
/// memory, where a step would have to fetch it (measured: 2.7 times slower).
template <class Stepper, std::size_t count>
class StepperGroup {
public:
  HWY_INLINE void load(const Columns& columns, const LawConstants& constants, std::size_t at) {
    first_.load(columns, constants, at);
    others_.load(columns, constants, at + lane_count());
  }
  HWY_INLINE void begin_leg(std::int64_t step) {
    first_.begin_leg(step);
    others_.begin_leg(step);
  }
  HWY_INLINE void first_step() {
    first_.first_step();
    others_.first_step();
  }
  HWY_INLINE void step() {
    first_.step();
    others_.step();
  }
  HWY_INLINE void store(const Columns& columns, std::size_t at) const {
    first_.store(columns, at);
    others_.store(columns, at + lane_count());
  }

private:
  Stepper first_;
  StepperGroup<Stepper, count - 1> others_;
};

template <class Stepper>
class StepperGroup<Stepper, 1> : public Stepper {};

/// `registers` registers of particles side by side, from step `from` to step `to`. @pre from < to
template <class Stepper, std::size_t registers>
HWY_INLINE void step_registers(const Columns& columns, const LawConstants& constants, std::size_t first,
                               std::int64_t from, std::int64_t to) {
  StepperGroup<Stepper, registers> group;
  group.load(columns, constants, first);
  for (std::int64_t step = from; step < to;) {
    const std::int64_t leg_end = end_of_leg(step, to, Stepper::leg);
    group.begin_leg(step);
    group.first_step();
    for (++step; step < leg_end; ++step) group.step();
  }
  group.store(columns, first);
}

/// A law's `Stepper` says how to load, step and store one register of particles, and how many to keep in
/// flight so that the latency of one step's chain of operations is hidden behind the others. Steps come in
/// legs, which end at multiples of `Stepper::leg` whatever the calls: `begin_leg` sets up what is good for
/// one.
template <class Stepper>
void step_block(const Columns& columns, const LawConstants& constants, std::size_t first, std::size_t count,
                std::int64_t from, std::int64_t to) {
  if (to <= from) return;
  const std::size_t lanes = lane_count();
  const std::size_t group = Stepper::in_flight * lanes;
  const std::size_t end = first + count;
  std::size_t at = first;
  for (; at + group <= end; at += group)
    step_registers<Stepper, Stepper::in_flight>(columns, constants, at, from, to);
  for (; at + 2 * lanes <= end; at += 2 * lanes) step_registers<Stepper, 2>(columns, constants, at, from, to);
  for (; at < end; at += lanes) step_registers<Stepper, 1>(columns, constants, at, from, to);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
