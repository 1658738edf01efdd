#include "bench/floating_pairs.hpp"

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/floating_pairs.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "laws/lennard_jones-inl.hpp"
#include "shortrange/pair_loop-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Takes the place of `FixedSums`.
class FloatingSums {
public:
  using Lanes = PairLanes;
  using Number = double;
  using Term = PairReal;

  explicit FloatingSums(const FloatingPairJob&) {}

  /// Not fused, since products of runs are not either.
  HWY_INLINE Term term(PairReal a, PairReal b) const { return hn::Mul(a, b); }
  HWY_INLINE Term count() const { return hn::Zero(Lanes()); }
  HWY_INLINE void note_range(const Axes<Term>&) {}
};

void floating_forces(const FloatingPairJob& job, const NeighbourSlice& slice) {
  PairLoop<LennardJones<PairLanes>, FloatingSums>(job).add_forces(slice);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(floating_forces);

void add_floating_forces(const FloatingPairJob& job, const NeighbourSlice& slice) {
  HWY_DYNAMIC_DISPATCH(floating_forces)(job, slice);
}

}  // namespace orrery

#endif  // HWY_ONCE
