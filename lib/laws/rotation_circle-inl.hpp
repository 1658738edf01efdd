/// The exact motion of the rotation: a circle. Once per instruction set.

#if defined(ORRERY_LAWS_ROTATION_CIRCLE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_ROTATION_CIRCLE_INL_HPP
#undef ORRERY_LAWS_ROTATION_CIRCLE_INL_HPP
#else
#define ORRERY_LAWS_ROTATION_CIRCLE_INL_HPP
#endif

#include <cstddef>
#include <cstdint>

#include "core/double_double-inl.hpp"
#include "laws/columns.hpp"
#include "laws/rotation_point-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Closed form: the angle grows by s t / r.
struct RotationCircle {
  using Point = rotation::Point;

  /// The exact motion: (x, y) turned by s t / r, with the angle as the sum of two doubles. Error below 4e-16
  /// r for angles up to 1e13. Beyond `largest_angle` a double cannot tell where on its circle the particle
  /// is: it is shown at its start.
  static HWY_INLINE Point exact(Point p, Real speed, Real time) {
    const Scale scale = safe_scale(larger(hn::Abs(p.x), hn::Abs(p.y)));
    const Mask moves = rotation::moving(p, speed);
    const Real one = constant(1.0);
    const Real zero = hn::Zero(Lanes());
    const Real x = hn::IfThenElse(moves, hn::Mul(p.x, scale.up), one);
    const Real y = hn::IfThenElse(moves, hn::Mul(p.y, scale.up), zero);

    DoubleDouble arc = two_product(hn::Mul(speed, scale.up), time);
    const Mask resolved = hn::And(moves, hn::Lt(hn::Abs(arc.high), constant(0x1p500)));
    arc = {hn::IfThenElse(resolved, arc.high, zero), hn::IfThenElse(resolved, arc.low, zero)};
    const DoubleDouble angle = quotient(arc, hypotenuse(x, y));
    const Mask counted = hn::Lt(hn::Abs(angle.high), constant(largest_angle));
    const SineCosine turn = sine_cosine(
        DoubleDouble{hn::IfThenElse(counted, angle.high, zero), hn::IfThenElse(counted, angle.low, zero)});

    const Real turned_x = hn::Sub(hn::Mul(x, turn.cosine), hn::Mul(y, turn.sine));
    const Real turned_y = hn::Add(hn::Mul(y, turn.cosine), hn::Mul(x, turn.sine));
    return {hn::IfThenElse(moves, hn::Mul(turned_x, scale.down), p.x),
            hn::IfThenElse(moves, hn::Mul(turned_y, scale.down), p.y)};
  }

  /// Sets the state to the exact motion after `steps` steps: from the start each time, so that no error
  /// builds up.
  static HWY_INLINE void jump(const Columns& columns, const LawConstants& constants, std::int64_t steps,
                              std::size_t at) {
    const Lanes lanes;
    const Real time = constant(static_cast<double>(steps) * constants.step);
    const Real speed = hn::Load(lanes, columns.parameter[0] + at);
    const Point p = exact(rotation::start(columns, constants, at), speed, time);
    hn::Store(p.x, lanes, columns.state[0] + at);
    hn::Store(p.y, lanes, columns.state[1] + at);
  }
};

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
