/// Soft discs: the arithmetic, for one register of pairs. Once per instruction set.

#if defined(ORRERY_LAWS_SOFT_DISC_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_SOFT_DISC_INL_HPP
#undef ORRERY_LAWS_SOFT_DISC_INL_HPP
#else
#define ORRERY_LAWS_SOFT_DISC_INL_HPP
#endif

#include <hwy/highway.h>

#include "laws/pair_forms-inl.hpp"
#include "laws/pair_law.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

template <class D>
struct SoftDisc {
  using V = hn::Vec<D>;
  using T = hn::TFromD<D>;
  D d;
  V contact_force, stiffness, half_stiffness, diameter;

  explicit SoftDisc(const PairConstants& c)
      : contact_force(hn::Set(d, static_cast<T>(c.value[0]))),
        stiffness(hn::Set(d, static_cast<T>(c.value[1]))),
        half_stiffness(hn::Set(d, static_cast<T>(c.value[2]))),
        diameter(hn::Set(d, static_cast<T>(c.value[3]))) {}

  /// k d / r - k; at one place 0.
  HWY_INLINE V force_over_distance(V r2) const {
    const V over = hn::Sub(hn::Div(contact_force, hn::Sqrt(r2)), stiffness);
    return hn::IfThenElseZero(hn::Gt(r2, hn::Zero(d)), over);
  }
  HWY_INLINE V energy(V r2) const {
    const V overlap = hn::Sub(diameter, hn::Sqrt(r2));
    return hn::Mul(half_stiffness, hn::Mul(overlap, overlap));
  }
};

/// The same with a dashpot, which acts along the line of centres on discs that overlap.
template <class D>
struct DampedDisc : SoftDisc<D> {
  static constexpr bool needs_velocities = true;
  using V = hn::Vec<D>;
  V damping;

  explicit DampedDisc(const PairConstants& c)
      : SoftDisc<D>(c), damping(hn::Set(this->d, static_cast<hn::TFromD<D>>(c.value[4]))) {}

  /// k d / r - k - gamma (dr/dt) / r; at one place 0.
  HWY_INLINE V force_over_distance(V r2, V parting) const {
    const V at_rest = SoftDisc<D>::force_over_distance(r2);
    const V drag = hn::Div(hn::Mul(damping, parting), r2);
    return hn::IfThenElseZero(hn::Gt(r2, hn::Zero(this->d)), hn::Sub(at_rest, drag));
  }
};

using SoftDiscVectors = PairForms<SoftDisc, DampedDisc>;

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
