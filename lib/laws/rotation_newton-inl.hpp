/// The rotation step by step, without square root or division in the steps. Once per instruction set.

#if defined(ORRERY_LAWS_ROTATION_NEWTON_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_ROTATION_NEWTON_INL_HPP
#undef ORRERY_LAWS_ROTATION_NEWTON_INL_HPP
#else
#define ORRERY_LAWS_ROTATION_NEWTON_INL_HPP
#endif

#include <cstddef>
#include <cstdint>

#include "core/double_double-inl.hpp"
#include "core/vector_lanes-inl.hpp"
#include "laws/columns.hpp"
#include "laws/rotation_point-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Explicit Euler for one register of particles, with a = s dt and w = a / r:
///
///   x' = x - y w,   y' = y + x w
///
/// Every step is perpendicular to the radius, so r_n^2 = r_0^2 + n a^2 is known beforehand, and with it w_n.
/// Over a leg of 64 steps w hardly changes: with q = w_m^2 at the leg's middle m and k = n - m,
///
///   w_n = w_m (1 + k q)^(-1/2) = w_m (1 - k q / 2 + 3 (k q)^2 / 8 - 5 (k q)^3 / 16 + ...)
///
/// It is taken as a parabola in k, the cubic term by its best line over the leg (k^3 ~ 3 h^2 k / 4, h = 32),
/// and the parabola goes from step to step by two additions. What is left out is below 5 (h q)^3 / 64 of
/// w, 2.6e-15 for the fastest particles taken here (w = 1e-3), with alternating sign, so that the angle of a
/// whole leg is right to 1e-19; below w = 4e-4 it is less than a rounding.
///
/// w_n depends on n and the initial position alone: bits do not depend on how steps are cut into calls. Other
/// particles, those with |a| / r_0 > 1e-3, are left alone.
///
/// Multiplication and addition are fused, which more than halves the time. Instruction sets that cannot do
/// that get the same bits slowly.
struct RotationNewton {
  /// Registers of particles that step side by side. Each needs five of the sixteen registers of AVX2.
  /// Measured on Zen 3 with AVX2, ns per particle-step, g++ 12: 3 in flight 0.160, 4 0.41 (one does not fit).
  static constexpr std::size_t in_flight = HWY_TARGET <= HWY_AVX3 ? 5 : 3;
  /// Steps between two set-ups.
  static constexpr std::int64_t leg = 64;
  /// Greatest |a| / r_0 of particles that are stepped here.
  static constexpr double most_turn = 1e-3;

  Real x, y, w, w_change, w_change_change;
  Real original_x, original_y, unscale;
  Real a, r2_start;
  Mask moves;

  /// Particles that stay where they are, and those that turn slowly.
  static HWY_INLINE Mask takes(const Columns& columns, const LawConstants& constants, std::size_t at) {
    return RotationNewton::loaded(columns, constants, at).is_slow();
  }

  HWY_INLINE void load(const Columns& columns, const LawConstants& constants, std::size_t at) {
    *this = loaded(columns, constants, at);
    moves = hn::And(moves, is_slow());
    const Real one = constant(1.0);
    const Real zero = hn::Zero(Lanes());
    // Particles that stay, those left alone, and padding go round as a harmless (1, 0) at rest.
    x = hn::IfThenElse(moves, x, one);
    y = hn::IfThenElse(moves, y, zero);
    a = hn::IfThenElse(moves, a, zero);
    r2_start = hn::IfThenElse(moves, r2_start, one);
  }

  /// Sets w up for the leg that step `step` is in.
  HWY_INLINE void begin_leg(std::int64_t step) {
    constexpr double half = leg / 2.0;
    const std::int64_t steps_into_leg = step % leg;
    const Real middle = constant(static_cast<double>(step - steps_into_leg) + half);
    const Real r2 = hn::Add(r2_start, hn::Mul(middle, hn::Mul(a, a)));
    const Real w_middle = hn::Div(a, hn::Sqrt(r2));
    const Real q = hn::Mul(w_middle, w_middle);
    const Real q2 = hn::Mul(q, q);
    const Real slope = hn::Mul(hn::Neg(hn::Mul(w_middle, q)),
                               hn::Add(constant(0.5), hn::Mul(constant(15.0 / 64.0 * half * half), q2)));
    const Real curvature = hn::Mul(constant(0.375), hn::Mul(w_middle, q2));
    w = hn::Add(w_middle, hn::Sub(hn::Mul(constant(half * half), curvature), hn::Mul(constant(half), slope)));
    w_change = hn::Sub(slope, hn::Mul(constant(leg - 1.0), curvature));
    w_change_change = hn::Add(curvature, curvature);
    for (std::int64_t done = 0; done < steps_into_leg; ++done) advance_w();
  }

  HWY_INLINE void first_step() { step(); }

  HWY_INLINE void step() {
    const Real next_x = fused_multiply_subtract_from(y, w, x);
    y = fused_multiply_add(x, w, y);
    x = next_x;
    advance_w();
  }

  HWY_INLINE void store(const Columns& columns, std::size_t at) const {
    const Lanes lanes;
    hn::Store(hn::IfThenElse(moves, hn::Mul(x, unscale), original_x), lanes, columns.state[0] + at);
    hn::Store(hn::IfThenElse(moves, hn::Mul(y, unscale), original_y), lanes, columns.state[1] + at);
  }

private:
  /// State, displacement and initial radius, scaled.
  static HWY_INLINE RotationNewton loaded(const Columns& columns, const LawConstants& constants,
                                          std::size_t at) {
    const Lanes lanes;
    RotationNewton it;
    const rotation::Point start = rotation::start(columns, constants, at);
    const Real speed = hn::Load(lanes, columns.parameter[0] + at);
    const Real displacement = hn::Mul(speed, constant(constants.step));
    const Real reach = larger(hn::Abs(start.x), hn::Abs(start.y));
    const Scale scale = safe_scale(larger(reach, hn::Abs(displacement)));
    it.moves = hn::And(hn::Ne(displacement, hn::Zero(lanes)), hn::Ne(reach, hn::Zero(lanes)));
    it.unscale = scale.down;
    it.original_x = hn::Load(lanes, columns.state[0] + at);
    it.original_y = hn::Load(lanes, columns.state[1] + at);
    it.x = hn::Mul(it.original_x, scale.up);
    it.y = hn::Mul(it.original_y, scale.up);
    it.a = hn::Mul(displacement, scale.up);
    it.r2_start = sum_of_squares(hn::Mul(start.x, scale.up), hn::Mul(start.y, scale.up));
    it.w = it.w_change = it.w_change_change = hn::Zero(lanes);
    return it;
  }

  HWY_INLINE Mask is_slow() const {
    return hn::Or(hn::Not(moves), hn::Le(hn::Mul(a, a), hn::Mul(r2_start, constant(most_turn * most_turn))));
  }

  HWY_INLINE void advance_w() {
    w = hn::Add(w, w_change);
    w_change = hn::Add(w_change, w_change_change);
  }
};

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
