#include "shortrange/springs.hpp"

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shortrange/springs.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "shortrange/pair_loop-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// A spring from 0 at the cut-off on: U = (k / 2) (1 - r)^2, and what can be wrong with it. `value` is k, a
/// factor on the force, and numbers of the single mistakes.
template <class D>
struct Spring {
  using V = hn::Vec<D>;
  D d;
  double k, factor;
  explicit Spring(const PairConstants& c) : k(c.value[0]), factor(c.value[1]) {}
  V overlap(V r2) const { return hn::Sub(hn::Set(d, 1.0), hn::Sqrt(r2)); }
  V force_over_distance(V r2) const {
    const V over = hn::Div(hn::Mul(hn::Set(d, k * factor), overlap(r2)), hn::Sqrt(r2));
    return hn::IfThenElseZero(hn::Gt(r2, hn::Zero(d)), over);
  }
  V energy(V r2) const { return hn::Mul(hn::Set(d, 0.5 * k), hn::Mul(overlap(r2), overlap(r2))); }
};

/// Not a number where `overlap` is above value[2]: the root of something negative.
template <class D>
struct BrokenSpring : Spring<D> {
  using V = hn::Vec<D>;
  double limit;
  bool in_energy;
  explicit BrokenSpring(const PairConstants& c)
      : Spring<D>(c), limit(c.value[2]), in_energy(c.value[3] != 0.0) {}
  V broken(V r2) const {
    return hn::Mul(hn::Zero(this->d), hn::Sqrt(hn::Sub(hn::Set(this->d, limit), this->overlap(r2))));
  }
  V force_over_distance(V r2) const {
    const V right = Spring<D>::force_over_distance(r2);
    return in_energy ? right : hn::Add(right, broken(r2));
  }
  V energy(V r2) const {
    const V right = Spring<D>::energy(r2);
    return in_energy ? hn::Add(right, broken(r2)) : right;
  }
};

/// Nearer than value[2] ten times as stiff, with the energy that belongs to it: the force has an edge there.
template <class D>
struct CoredSpring : Spring<D> {
  using V = hn::Vec<D>;
  double core;
  explicit CoredSpring(const PairConstants& c) : Spring<D>(c), core(c.value[2]) {}
  V depth(V r2) const {
    const V below = hn::Sub(hn::Set(this->d, core), hn::Sqrt(r2));
    return hn::IfThenElseZero(hn::Gt(below, hn::Zero(this->d)), below);
  }
  V force_over_distance(V r2) const {
    const V more = hn::Div(hn::Mul(hn::Set(this->d, 10.0 * this->k), depth(r2)), hn::Sqrt(r2));
    return hn::Add(Spring<D>::force_over_distance(r2),
                   hn::IfThenElseZero(hn::Gt(r2, hn::Zero(this->d)), more));
  }
  V energy(V r2) const {
    return hn::Add(Spring<D>::energy(r2),
                   hn::Mul(hn::Set(this->d, 5.0 * this->k), hn::Mul(depth(r2), depth(r2))));
  }
};

/// Each lane a little stronger than the one before.
template <class D>
struct LopsidedSpring : Spring<D> {
  using V = hn::Vec<D>;
  explicit LopsidedSpring(const PairConstants& c) : Spring<D>(c) {}
  V force_over_distance(V r2) const {
    return hn::Mul(Spring<D>::force_over_distance(r2),
                   hn::Add(hn::Set(this->d, 1.0), hn::Mul(hn::Set(this->d, 1e-9), hn::Iota(this->d, 0))));
  }
};

/// Without an answer for two at one place.
template <class D>
struct PointlessSpring : Spring<D> {
  using V = hn::Vec<D>;
  explicit PointlessSpring(const PairConstants& c) : Spring<D>(c) {}
  V force_over_distance(V r2) const {
    return hn::Div(hn::Mul(hn::Set(this->d, this->k), this->overlap(r2)), hn::Sqrt(r2));
  }
};

/// In the order of `SpringForm`.
PairKernels kernels_of_spring(std::size_t form) {
  static_assert(most_forms >= 4);
  static const FormKernels first = kernels_of(PairForms<Spring, BrokenSpring, CoredSpring, LopsidedSpring>());
  static const FormKernels second = kernels_of(PairForms<PointlessSpring>());
  return form < 4 ? first[form] : second.at(form - 4);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(kernels_of_spring);

PairKernels spring_kernels(SpringForm form) {
  return HWY_DYNAMIC_DISPATCH(kernels_of_spring)(static_cast<std::size_t>(form));
}

}  // namespace orrery

#endif  // HWY_ONCE
