/// The stepped motion of the rotation, any number of steps at once: a closed form of explicit Euler. Once per
/// instruction set.

#if defined(ORRERY_LAWS_ROTATION_SPIRAL_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_ROTATION_SPIRAL_INL_HPP
#undef ORRERY_LAWS_ROTATION_SPIRAL_INL_HPP
#else
#define ORRERY_LAWS_ROTATION_SPIRAL_INL_HPP
#endif

#include <cstddef>
#include <cstdint>

#include "core/double_double-inl.hpp"
#include "laws/columns.hpp"
#include "laws/rotation_point-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Closed form of m steps of explicit Euler, a = s dt. A step multiplies x + iy by 1 + i a / r, which is at
/// right angles to the radius: the discrete spiral of Theodorus, with
///
///   r_m^2 = r_0^2 + m a^2,    theta_m = sum over k < m of atan(a / r_k)
///         = 2 m a / (r_m + r_0) + P(a / r_m) - P(a / r_0)
///   P(p) = p/6 - p^3/120 - p^5/840 + 5 p^7/8064 + p^9/4224 - 521 p^11/2196480 - 29 p^13/199680 + 1067
///   p^15/5013504
///
/// by the Euler-Maclaurin formula. Source: P. J. Davis, Spirals: from Theodorus to Chaos (1993); W. Gautschi,
/// The spiral of Theodorus, numerical analysis, and special functions, J. Comput. Appl. Math. 235 (2010);
/// OEIS A351861 and A351862. The series is asymptotic; what is left out is below 1.8e-4 |p|^17, 8e-20 for |p|
/// <= 1/8. Particles nearer to the centre take up to 64 explicit steps first, after which r >= 8 |a|.
///
/// Radii, angle and the turned position are sums of two doubles. Error below 4e-16 r, or 2e-15 r where
/// explicit steps came first, after which the position is rounded once (docs/numerics.md).
class RotationSpiral {
public:
  using Point = rotation::Point;

  static constexpr int stages = 9;
  /// Measured on Zen 3 with AVX2, ns per jump, g++ 12: 1 in flight 25.4, 2 16.3, 3 15.3, 4 14.3, 6 14.4.
  static constexpr std::size_t in_flight = 4;
  /// Fewest |a| that a particle is away from the centre where the series is used.
  static constexpr double least_distance = 8.0;

  /// Particles that take explicit steps first.
  static HWY_INLINE Mask starts_near(const Columns& columns, const LawConstants& constants, std::size_t at) {
    RotationSpiral it;
    it.load_start(columns, constants, at);
    return it.is_near();
  }

  /// From the start each time, so that no error builds up.
  HWY_INLINE void load(std::size_t at, const Columns& columns, const LawConstants& constants,
                       std::int64_t steps) {
    load_start(columns, constants, at);
    steps_left_ = constant(static_cast<double>(steps));
    leave_centre(steps);
  }

  template <int stage>
  HWY_INLINE void run() {
    if constexpr (stage == 0) {
      r2_start_ = sum_of_two_squares(z_.x, z_.y);
      r2_end_ = sum(r2_start_, product(square(a_), steps_left_));
    } else if constexpr (stage == 1) {
      r_start_ = square_root_divisor(r2_start_);
    } else if constexpr (stage == 2) {
      r_end_ = square_root_divisor(r2_end_);
    } else if constexpr (stage == 3) {
      angle_ = quotient(product(a_, hn::Add(steps_left_, steps_left_)),
                        divisor(sum(r_end_.value, r_start_.value)));
    } else if constexpr (stage == 4) {
      const Real tail =
          hn::Sub(tail_of(hn::Mul(a_.high, r_end_.inverse)), tail_of(hn::Mul(a_.high, r_start_.inverse)));
      angle_ = quick_two_sum(angle_.high, hn::Add(angle_.low, tail));
    } else if constexpr (stage == 5) {
      reduced_ = reduced(angle_);
    } else if constexpr (stage == 6) {
      turn_ = sine_cosine(reduced_);
    } else if constexpr (stage == 7) {
      growth_ = quotient(r_end_.value, r_start_);
    } else {
      const DoubleDouble x = sum(two_product(z_.x, turn_.cosine), negated(two_product(z_.y, turn_.sine)));
      const DoubleDouble y = sum(two_product(z_.y, turn_.cosine), two_product(z_.x, turn_.sine));
      z_ = {rounded_product(x, growth_), rounded_product(y, growth_)};
    }
  }

  HWY_INLINE void store(std::size_t at, const Columns& columns) const {
    const Lanes lanes;
    hn::Store(hn::IfThenElse(moves_, hn::Mul(z_.x, unscale_), start_.x), lanes, columns.state[0] + at);
    hn::Store(hn::IfThenElse(moves_, hn::Mul(z_.y, unscale_), start_.y), lanes, columns.state[1] + at);
  }

private:
  HWY_INLINE void load_start(const Columns& columns, const LawConstants& constants, std::size_t at) {
    const Real zero = hn::Zero(Lanes());
    const Real speed = hn::Load(Lanes(), columns.parameter[0] + at);
    start_ = rotation::start(columns, constants, at);
    a_ = two_product(speed, constant(constants.step));
    // Without fused operations the rest of a product cannot be represented at the ends of double's range.
    a_.low = hn::IfThenElse(hn::Eq(a_.low, a_.low), a_.low, zero);
    moves_ = hn::And(rotation::moving(start_, speed), hn::Ne(a_.high, zero));
    const Scale scale = safe_scale(larger(larger(hn::Abs(start_.x), hn::Abs(start_.y)), hn::Abs(a_.high)));
    unscale_ = scale.down;
    // Particles that stay, and padding, go round as a harmless (1, 0) at rest.
    z_ = {hn::IfThenElse(moves_, hn::Mul(start_.x, scale.up), constant(1.0)),
          hn::IfThenElse(moves_, hn::Mul(start_.y, scale.up), zero)};
    a_ = {hn::IfThenElse(moves_, hn::Mul(a_.high, scale.up), zero),
          hn::IfThenElse(moves_, hn::Mul(a_.low, scale.up), zero)};
  }

  /// Where the series is out of its range.
  HWY_INLINE Mask is_near() const {
    return hn::Lt(sum_of_squares(z_.x, z_.y),
                  hn::Mul(hn::Mul(a_.high, a_.high), constant(least_distance * least_distance)));
  }

  /// Takes explicit steps with the particles that are near the centre until they no longer are, as sums of
  /// two doubles: 64 roundings in a row would show.
  HWY_INLINE void leave_centre(std::int64_t steps) {
    if (hn::AllFalse(Lanes(), is_near())) return;
    const Real zero = hn::Zero(Lanes());
    DoubleDouble x{z_.x, zero};
    DoubleDouble y{z_.y, zero};
    for (std::int64_t step = 0; step < steps; ++step) {
      const Mask near = is_near();
      if (hn::AllFalse(Lanes(), near)) break;
      // Scaled once more, as the square of a distance may vanish beside a.
      const Real up = safe_scale(larger(hn::Abs(x.high), hn::Abs(y.high))).up;
      const DoubleDouble near_x{hn::Mul(x.high, up), hn::Mul(x.low, up)};
      const DoubleDouble near_y{hn::Mul(y.high, up), hn::Mul(y.low, up)};
      const Divisor r = square_root_divisor(sum(square(near_x), square(near_y)));
      const DoubleDouble turn = quotient(a_, r);
      const DoubleDouble next_x = sum(x, negated(product(near_y, turn)));
      const DoubleDouble next_y = sum(y, product(near_x, turn));
      x = {hn::IfThenElse(near, next_x.high, x.high), hn::IfThenElse(near, next_x.low, x.low)};
      y = {hn::IfThenElse(near, next_y.high, y.high), hn::IfThenElse(near, next_y.low, y.low)};
      z_ = {x.high, y.high};
      steps_left_ = hn::IfThenElse(near, hn::Sub(steps_left_, constant(1.0)), steps_left_);
    }
  }

  /// P(p).
  static HWY_INLINE Real tail_of(Real p) {
    const Real p2 = hn::Mul(p, p);
    const Real p4 = hn::Mul(p2, p2);
    const auto pair = [&](double lower, double higher)
                          HWY_ATTR { return hn::Add(constant(lower), hn::Mul(p2, constant(higher))); };
    const Real low = hn::Add(pair(1.0 / 6.0, -1.0 / 120.0), hn::Mul(p4, pair(-1.0 / 840.0, 5.0 / 8064.0)));
    const Real high = hn::Add(pair(1.0 / 4224.0, -521.0 / 2196480.0),
                              hn::Mul(p4, pair(-29.0 / 199680.0, 1067.0 / 5013504.0)));
    return hn::Mul(p, hn::Add(low, hn::Mul(hn::Mul(p4, p4), high)));
  }

  Point start_;  ///< relative to the centre
  Mask moves_;
  Real unscale_;  ///< what follows is scaled by a power of two; this takes it back
  Point z_;
  DoubleDouble a_;
  Real steps_left_;
  DoubleDouble r2_start_;
  DoubleDouble r2_end_;
  Divisor r_start_;
  Divisor r_end_;
  DoubleDouble angle_;
  ReducedAngle reduced_;
  SineCosine turn_;
  DoubleDouble growth_;
};

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
