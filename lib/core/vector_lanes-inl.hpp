/// Names for vector code: one register of doubles, and its mask. Included once per instruction set.
///
/// Arithmetic is written with the plain operations + - * / sqrt only, in one fixed order, so that every
/// instruction set gives the same bits. A fused multiply-add is asked for by name (`fused_multiply_add` and
/// the exact products of `core/double_double-inl.hpp`), and is the same bits where it has to be emulated.

#if defined(ORRERY_CORE_VECTOR_LANES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_CORE_VECTOR_LANES_INL_HPP
#undef ORRERY_CORE_VECTOR_LANES_INL_HPP
#else
#define ORRERY_CORE_VECTOR_LANES_INL_HPP
#endif

#include <hwy/highway.h>
#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::ScalableTag<double>;
using Real = hn::Vec<Lanes>;
using Mask = hn::Mask<Lanes>;

/// Doubles in one register.
HWY_INLINE std::size_t lane_count() {
  return hn::Lanes(Lanes());
}

HWY_INLINE Real constant(double value) {
  return hn::Set(Lanes(), value);
}

/// A power of two that brings lanes of magnitude `m` to where squares neither overflow nor vanish: 1 for all
/// but extreme values. Scaling by it is exact. `unscale` takes it back.
struct Scale {
  Real up;
  Real down;
};

HWY_INLINE Scale safe_scale(Real magnitude) {
  const Mask tiny = hn::Lt(magnitude, constant(0x1p-400));
  const Mask huge = hn::Gt(magnitude, constant(0x1p400));
  const Real one = constant(1.0);
  return {hn::IfThenElse(tiny, constant(0x1p600), hn::IfThenElse(huge, constant(0x1p-600), one)),
          hn::IfThenElse(tiny, constant(0x1p-600), hn::IfThenElse(huge, constant(0x1p600), one))};
}

/// The larger of two magnitudes. (A compare and a select: `Max` differs between instruction sets in its
/// zeros.)
HWY_INLINE Real larger(Real a, Real b) {
  return hn::IfThenElse(hn::Gt(a, b), a, b);
}

HWY_INLINE Real sum_of_squares(Real x, Real y) {
  return hn::Add(hn::Mul(x, x), hn::Mul(y, y));
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
