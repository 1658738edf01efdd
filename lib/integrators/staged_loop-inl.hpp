/// The loop of a law whose closed form is long. Once per instruction set.

#if defined(ORRERY_INTEGRATORS_STAGED_LOOP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_INTEGRATORS_STAGED_LOOP_INL_HPP
#undef ORRERY_INTEGRATORS_STAGED_LOOP_INL_HPP
#else
#define ORRERY_INTEGRATORS_STAGED_LOOP_INL_HPP
#endif

#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/vector_lanes-inl.hpp"
#include "laws/columns.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// `count` jumpers that go through each stage one after the other. A processor looks some 250 operations
/// ahead: less than a long closed form has, and most of these wait for one another. Cut into stages, the
/// jumpers' chains of operations overlap.
template <class Jumper, std::size_t count>
class JumperGroup {
public:
  HWY_INLINE void load(const Columns& columns, const LawConstants& constants, std::int64_t steps,
                       std::size_t at) {
    first_.load(columns, constants, steps, at);
    others_.load(columns, constants, steps, at + lane_count());
  }
  template <int stage>
  HWY_INLINE void run() {
    first_.template run<stage>();
    others_.template run<stage>();
  }
  HWY_INLINE void store(const Columns& columns, std::size_t at) const {
    first_.store(columns, at);
    others_.store(columns, at + lane_count());
  }

private:
  Jumper first_;
  JumperGroup<Jumper, count - 1> others_;
};

template <class Jumper>
class JumperGroup<Jumper, 1> : public Jumper {};

template <class Group, int... stages>
HWY_INLINE void run_stages(Group& group, std::integer_sequence<int, stages...>) {
  (group.template run<stages>(), ...);
}

template <class Jumper, std::size_t registers>
HWY_INLINE void jump_registers(const Columns& columns, const LawConstants& constants, std::size_t first,
                               std::int64_t steps) {
  JumperGroup<Jumper, registers> group;
  group.load(columns, constants, steps, first);
  run_stages(group, std::make_integer_sequence<int, Jumper::stages>());
  group.store(columns, first);
}

/// A law's `Jumper` says how to `load` one register of particles, how to `run` each of its `stages`, how to
/// `store` the state after so many steps, and how many registers to keep in flight.
template <class Jumper>
void jump_staged_block(const Columns& columns, const LawConstants& constants, std::size_t first,
                       std::size_t count, std::int64_t, std::int64_t to) {
  const std::size_t group = Jumper::in_flight * lane_count();
  const std::size_t end = first + count;
  std::size_t at = first;
  for (; at + group <= end; at += group)
    jump_registers<Jumper, Jumper::in_flight>(columns, constants, at, to);
  for (; at < end; at += lane_count()) jump_registers<Jumper, 1>(columns, constants, at, to);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
