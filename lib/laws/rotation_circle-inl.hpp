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

/// Closed form: the angle grows by s t / r. The angle is the sum of two doubles; error below 4e-16 r for
/// angles up to 1e13. Beyond `largest_angle` a double cannot tell where on its circle the particle is: it is
/// shown at its start.
class RotationCircle {
public:
  using Point = rotation::Point;

  static constexpr int stages = 5;
  /// As in `RotationSpiral`, whose stages are as long. Measured on Zen 3 with AVX2, ns per jump, g++ 12: 8.6;
  /// as one chain of operations 17.8.
  static constexpr std::size_t in_flight = 4;

  /// From the start each time, so that no error builds up.
  HWY_INLINE void load(std::size_t at, const Columns& columns, const LawConstants& constants,
                       std::int64_t steps) {
    const Real speed = hn::Load(Lanes(), columns.parameter[0] + at);
    start_ = rotation::start(columns, constants, at);
    const Scale scale = safe_scale(larger(hn::Abs(start_.x), hn::Abs(start_.y)));
    unscale_ = scale.down;
    moves_ = rotation::moving(start_, speed);
    const Real zero = hn::Zero(Lanes());
    z_ = {hn::IfThenElse(moves_, hn::Mul(start_.x, scale.up), constant(1.0)),
          hn::IfThenElse(moves_, hn::Mul(start_.y, scale.up), zero)};

    const Real time = constant(static_cast<double>(steps) * constants.step);
    const DoubleDouble arc = two_product(hn::Mul(speed, scale.up), time);
    const Mask resolved = hn::And(moves_, hn::Lt(hn::Abs(arc.high), constant(0x1p500)));
    arc_ = {hn::IfThenElse(resolved, arc.high, zero), hn::IfThenElse(resolved, arc.low, zero)};
  }

  template <int stage>
  HWY_INLINE void run() {
    if constexpr (stage == 0) {
      r_ = hypotenuse(z_.x, z_.y);
    } else if constexpr (stage == 1) {
      const Real zero = hn::Zero(Lanes());
      const DoubleDouble angle = quotient(arc_, r_);
      const Mask counted = hn::Lt(hn::Abs(angle.high), constant(largest_angle));
      angle_ = {hn::IfThenElse(counted, angle.high, zero), hn::IfThenElse(counted, angle.low, zero)};
    } else if constexpr (stage == 2) {
      reduced_ = reduced(angle_);
    } else if constexpr (stage == 3) {
      turn_ = sine_cosine(reduced_);
    } else {
      z_ = {hn::Sub(hn::Mul(z_.x, turn_.cosine), hn::Mul(z_.y, turn_.sine)),
            hn::Add(hn::Mul(z_.y, turn_.cosine), hn::Mul(z_.x, turn_.sine))};
    }
  }

  /// Where the particles are, relative to the centre. @pre all stages were run
  HWY_INLINE Point position() const {
    return {hn::IfThenElse(moves_, hn::Mul(z_.x, unscale_), start_.x),
            hn::IfThenElse(moves_, hn::Mul(z_.y, unscale_), start_.y)};
  }

  HWY_INLINE void store(std::size_t at, const Columns& columns) const {
    const Point p = position();
    hn::Store(p.x, Lanes(), columns.state[0] + at);
    hn::Store(p.y, Lanes(), columns.state[1] + at);
  }

private:
  Point start_;  ///< relative to the centre
  Mask moves_;
  Real unscale_;  ///< what follows is scaled by a power of two; this takes it back
  Point z_;
  DoubleDouble arc_;
  DoubleDouble r_;
  DoubleDouble angle_;
  ReducedAngle reduced_;
  SineCosine turn_;
};

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
