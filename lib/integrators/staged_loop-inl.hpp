/// The loop over particles of a long formula, such as a closed form. Once per instruction set.

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

/// `count` items, each for one register of particles, that go through each stage one after the other. A
/// processor looks some 250 operations ahead: less than a long formula has, and most of these wait for one
/// another. Cut into stages, the items' chains of operations overlap.
template <class Item, std::size_t count>
class StagedGroup {
public:
  template <class... Sources>
  HWY_INLINE void load(std::size_t at, const Sources&... sources) {
    first_.load(at, sources...);
    others_.load(at + lane_count(), sources...);
  }
  template <int stage>
  HWY_INLINE void run() {
    first_.template run<stage>();
    others_.template run<stage>();
  }
  template <class Target>
  HWY_INLINE void store(std::size_t at, Target& target) const {
    first_.store(at, target);
    others_.store(at + lane_count(), target);
  }

private:
  Item first_;
  StagedGroup<Item, count - 1> others_;
};

template <class Item>
class StagedGroup<Item, 1> : public Item {};

template <class Group, int... stages>
HWY_INLINE void run_stages(Group& group, std::integer_sequence<int, stages...>) {
  (group.template run<stages>(), ...);
}

/// Takes `registers` registers of particles from row `at` through all stages.
template <class Item, std::size_t registers, class Target, class... Sources>
HWY_INLINE void run_staged(std::size_t at, Target& target, const Sources&... sources) {
  StagedGroup<Item, registers> group;
  group.load(at, sources...);
  run_stages(group, std::make_integer_sequence<int, Item::stages>());
  group.store(at, target);
}

/// Takes all particles of rows [first, first + count) through the stages of an `Item`, which says how to
/// `load` one register of particles, how to `run` each of its `stages`, how to `store` what came out, and how
/// many registers to keep in flight.
template <class Item, class Target, class... Sources>
HWY_INLINE void run_all_staged(std::size_t first, std::size_t count, Target& target,
                               const Sources&... sources) {
  const std::size_t group = Item::in_flight * lane_count();
  const std::size_t end = first + count;
  std::size_t at = first;
  for (; at + group <= end; at += group) run_staged<Item, Item::in_flight>(at, target, sources...);
  for (; at < end; at += lane_count()) run_staged<Item, 1>(at, target, sources...);
}

/// A law's `Jumper` sets the state after so many steps.
template <class Jumper>
void jump_staged_block(const Columns& columns, const LawConstants& constants, std::size_t first,
                       std::size_t count, std::int64_t, std::int64_t to) {
  run_all_staged<Jumper>(first, count, columns, columns, constants, to);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
