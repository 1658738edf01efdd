/// Where rotating particles are, relative to the centre, and which of them move. Once per instruction set.

#if defined(ORRERY_LAWS_ROTATION_POINT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_ROTATION_POINT_INL_HPP
#undef ORRERY_LAWS_ROTATION_POINT_INL_HPP
#else
#define ORRERY_LAWS_ROTATION_POINT_INL_HPP
#endif

#include <cstddef>

#include "core/vector_lanes-inl.hpp"
#include "laws/columns.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE::rotation {

/// A position relative to the centre [length].
struct Point {
  Real x, y;
};

HWY_INLINE Point centre(const LawConstants& constants) {
  return {constant(constants.value[0]), constant(constants.value[1])};
}

/// Initial position relative to the centre [length].
HWY_INLINE Point start(const Columns& columns, const LawConstants& constants, std::size_t at) {
  const Lanes lanes;
  const Point c = centre(constants);
  return {hn::Sub(hn::Load(lanes, columns.initial[0] + at), c.x),
          hn::Sub(hn::Load(lanes, columns.initial[1] + at), c.y)};
}

/// Particles that move: those with a speed, off the centre.
HWY_INLINE Mask moving(Point relative, Real speed) {
  const Real zero = hn::Zero(Lanes());
  return hn::And(hn::Ne(speed, zero), hn::Ne(larger(hn::Abs(relative.x), hn::Abs(relative.y)), zero));
}

}  // namespace orrery::HWY_NAMESPACE::rotation
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
