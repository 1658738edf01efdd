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

/// With drag of value[4] times the speed, or the square of it where value[5] is not 0.
template <class D>
struct DampedSpring : Spring<D> {
  static constexpr bool needs_velocities = true;
  using V = hn::Vec<D>;
  double damping;
  bool is_square;
  explicit DampedSpring(const PairConstants& c)
      : Spring<D>(c), damping(c.value[4]), is_square(c.value[5] != 0.0) {}
  V speed(V r2, V parting) const { return hn::Div(parting, hn::Sqrt(r2)); }
  V drag_over_distance(V r2, V parting) const {
    const V once = hn::Mul(hn::Set(this->d, damping), speed(r2, parting));
    const V drag = is_square ? hn::Mul(once, hn::Abs(speed(r2, parting))) : once;
    return hn::Div(drag, hn::Sqrt(r2));
  }
  V with(V r2, V drag) const {
    const V positive = hn::IfThenElseZero(hn::Gt(r2, hn::Zero(this->d)), drag);
    return hn::Sub(Spring<D>::force_over_distance(r2), positive);
  }
  V force_over_distance(V r2, V parting) const { return with(r2, drag_over_distance(r2, parting)); }
};

/// Repels those that part as much as those that meet.
template <class D>
struct DrivenSpring : DampedSpring<D> {
  using V = hn::Vec<D>;
  using DampedSpring<D>::DampedSpring;
  V force_over_distance(V r2, V parting) const {
    return this->with(r2, this->drag_over_distance(r2, hn::Neg(hn::Abs(parting))));
  }
};

/// With drag on those at rest, too.
template <class D>
struct RubbingSpring : DampedSpring<D> {
  using V = hn::Vec<D>;
  using DampedSpring<D>::DampedSpring;
  V force_over_distance(V r2, V parting) const {
    return this->with(r2, this->drag_over_distance(r2, hn::Add(parting, hn::Set(this->d, 0x1p-10))));
  }
};

/// Each lane a little more damped than the one before.
template <class D>
struct UnevenSpring : DampedSpring<D> {
  using V = hn::Vec<D>;
  using DampedSpring<D>::DampedSpring;
  V force_over_distance(V r2, V parting) const {
    const V uneven = hn::Add(hn::Set(this->d, 1.0), hn::Mul(hn::Set(this->d, 1e-9), hn::Iota(this->d, 0)));
    return this->with(r2, hn::Mul(uneven, this->drag_over_distance(r2, parting)));
  }
};

/// Not a number for those that part.
template <class D>
struct DazedSpring : DampedSpring<D> {
  using V = hn::Vec<D>;
  using DampedSpring<D>::DampedSpring;
  V force_over_distance(V r2, V parting) const {
    return hn::Add(DampedSpring<D>::force_over_distance(r2, parting),
                   hn::Mul(hn::Zero(this->d), hn::Sqrt(hn::Neg(parting))));
  }
};

/// In the order of `SpringForm`.
PairKernels kernels_of_spring(std::size_t form) {
  static_assert(most_forms >= 4);
  static const FormKernels first = kernels_of(PairForms<Spring, BrokenSpring, CoredSpring, LopsidedSpring>());
  static const FormKernels second =
      kernels_of(PairForms<PointlessSpring, DampedSpring, DrivenSpring, RubbingSpring>());
  static const FormKernels third = kernels_of(PairForms<UnevenSpring, DazedSpring>());
  return form < 4 ? first[form] : form < 8 ? second[form - 4] : third.at(form - 8);
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
