/// Attraction within a distance: the arithmetic, for one register of pairs. Once per instruction set.

#if defined(ORRERY_LAWS_ATTRACTION_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_ATTRACTION_INL_HPP
#undef ORRERY_LAWS_ATTRACTION_INL_HPP
#else
#define ORRERY_LAWS_ATTRACTION_INL_HPP
#endif

#include <hwy/highway.h>

#include "laws/pair_forms-inl.hpp"
#include "laws/pair_law.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

template <class D>
struct Attraction {
  using V = hn::Vec<D>;
  D d;
  V strength, slope, half_cutoff;

  explicit Attraction(const PairConstants& c)
      : strength(hn::Set(d, static_cast<hn::TFromD<D>>(c.value[0]))),
        slope(hn::Set(d, static_cast<hn::TFromD<D>>(c.value[1]))),
        half_cutoff(hn::Set(d, static_cast<hn::TFromD<D>>(0.5 * c.cutoff))) {}

  /// -(s - s r / rc) / r; at one place 0.
  HWY_INLINE V force_over_distance(V r2) const {
    const V over = hn::Sub(slope, hn::Div(strength, hn::Sqrt(r2)));
    return hn::IfThenElseZero(hn::Gt(r2, hn::Zero(d)), over);
  }
  HWY_INLINE V energy(V r2) const {
    const V force = hn::Sub(strength, hn::Mul(slope, hn::Sqrt(r2)));
    // -(rc / 2) (s - s r / rc) (1 - r / rc), the last factor being force / s
    const V share = hn::Sub(hn::Set(d, 1), hn::Div(hn::Sqrt(r2), hn::Add(half_cutoff, half_cutoff)));
    return hn::Neg(hn::Mul(hn::Mul(half_cutoff, force), share));
  }
};

using AttractionVectors = PairForms<Attraction>;

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
