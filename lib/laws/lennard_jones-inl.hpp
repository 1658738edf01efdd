/// The potential of Lennard-Jones: the arithmetic, for one register of pairs. Once per instruction set.

#if defined(ORRERY_LAWS_LENNARD_JONES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_LENNARD_JONES_INL_HPP
#undef ORRERY_LAWS_LENNARD_JONES_INL_HPP
#else
#define ORRERY_LAWS_LENNARD_JONES_INL_HPP
#endif

#include <hwy/highway.h>

#include "laws/pair_forms-inl.hpp"
#include "laws/pair_law.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

template <class D>
struct LennardJones {
  using V = hn::Vec<D>;
  using T = hn::TFromD<D>;
  D d;
  V square, prefactor, four_epsilon, energy_there;

  explicit LennardJones(const PairConstants& c)
      : square(hn::Set(d, static_cast<T>(c.value[0]))),
        prefactor(hn::Set(d, static_cast<T>(c.value[1]))),
        four_epsilon(hn::Set(d, static_cast<T>(c.value[2]))),
        energy_there(hn::Set(d, static_cast<T>(c.value[3]))) {}

  /// (24 epsilon / sigma^2) q^4 (2 q^3 - 1) with q = (sigma / r)^2
  HWY_INLINE V force_over_distance(V r2) const {
    const V q = hn::Div(square, r2);
    const V q2 = hn::Mul(q, q);
    const V twice_q3 = hn::Mul(q2, hn::Add(q, q));
    const V q4 = hn::Mul(prefactor, hn::Mul(q2, q2));
    return hn::Mul(q4, hn::Sub(twice_q3, hn::Set(d, T{1})));
  }
  HWY_INLINE V energy(V r2) const {
    const V q = hn::Div(square, r2);
    const V q3 = hn::Mul(hn::Mul(q, q), q);
    return hn::Sub(hn::Mul(four_epsilon, hn::Mul(q3, hn::Sub(q3, hn::Set(d, T{1})))), energy_there);
  }
};

/// With the force brought to 0 at the cut-off.
template <class D>
struct ForceShiftedLennardJones {
  using V = hn::Vec<D>;
  using T = hn::TFromD<D>;
  D d;
  LennardJones<D> plain;
  V cutoff, force_there;

  explicit ForceShiftedLennardJones(const PairConstants& c)
      : plain(c),
        cutoff(hn::Set(d, static_cast<T>(c.cutoff))),
        force_there(hn::Set(d, static_cast<T>(c.value[4]))) {}

  HWY_INLINE V force_over_distance(V r2) const {
    return hn::Sub(plain.force_over_distance(r2), hn::Div(force_there, hn::Sqrt(r2)));
  }
  HWY_INLINE V energy(V r2) const {
    return hn::Add(plain.energy(r2), hn::Mul(hn::Sub(hn::Sqrt(r2), cutoff), force_there));
  }
};

using LennardJonesVectors = PairForms<LennardJones, ForceShiftedLennardJones>;

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
