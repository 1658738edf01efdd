/// Sums of two doubles, for 106 bits of precision, and the sine and cosine of such an angle. Once per
/// instruction set.
///
/// Source: T. J. Dekker, Numer. Math. 18, 224 (1971); D. E. Knuth, TAOCP vol. 2, 4.2.2 (two_sum).

#if defined(ORRERY_CORE_DOUBLE_DOUBLE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_CORE_DOUBLE_DOUBLE_INL_HPP
#undef ORRERY_CORE_DOUBLE_DOUBLE_INL_HPP
#else
#define ORRERY_CORE_DOUBLE_DOUBLE_INL_HPP
#endif

#include <cstdint>

#include "core/vector_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// The unevaluated sum high + low, |low| at most half a unit in the last place of high.
struct DoubleDouble {
  Real high;
  Real low;
};

/// a + b without error.
HWY_INLINE DoubleDouble two_sum(Real a, Real b) {
  const Real sum = hn::Add(a, b);
  const Real b_part = hn::Sub(sum, a);
  const Real a_part = hn::Sub(sum, b_part);
  return {sum, hn::Add(hn::Sub(a, a_part), hn::Sub(b, b_part))};
}

/// a + b without error, for |a| >= |b|.
HWY_INLINE DoubleDouble quick_two_sum(Real a, Real b) {
  const Real sum = hn::Add(a, b);
  return {sum, hn::Sub(b, hn::Sub(sum, a))};
}

/// a * b without error, barring overflow and underflow. Both forms give the same two numbers: the error is
/// exact.
HWY_INLINE DoubleDouble two_product(Real a, Real b) {
  const Real product = hn::Mul(a, b);
#if HWY_NATIVE_FMA
  return {product, hn::MulSub(a, b, product)};
#else
  const Real splitter = constant(134217729.0);  // 2^27 + 1
  const Real a_scaled = hn::Mul(a, splitter);
  const Real a_high = hn::Sub(a_scaled, hn::Sub(a_scaled, a));
  const Real a_low = hn::Sub(a, a_high);
  const Real b_scaled = hn::Mul(b, splitter);
  const Real b_high = hn::Sub(b_scaled, hn::Sub(b_scaled, b));
  const Real b_low = hn::Sub(b, b_high);
  const Real first = hn::Sub(hn::Mul(a_high, b_high), product);
  const Real second = hn::Add(hn::Add(first, hn::Mul(a_high, b_low)), hn::Mul(a_low, b_high));
  return {product, hn::Add(second, hn::Mul(a_low, b_low))};
#endif
}

/// a * b + c, rounded once, whatever the instruction set; where it has no fused operations, slowly.
///
/// Source: S. Boldo, G. Melquiond, Emulation of FMA and correctly rounded sums: proved algorithms using
/// rounding to odd, IEEE Trans. Comput. 57, 462 (2008). @pre as for two_product
HWY_INLINE Real fused_multiply_add(Real a, Real b, Real c) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(a, b, c);
#else
  const DoubleDouble ab = two_product(a, b);
  const DoubleDouble head = two_sum(c, ab.high);
  const DoubleDouble tail = two_sum(head.low, ab.low);
  // Rounded to odd: where something is left, the neighbour of tail.high on its side, if that one is odd.
  const hn::Rebind<std::int64_t, Lanes> integers;
  const auto bits = hn::BitCast(integers, tail.high);
  const auto one = hn::Set(integers, 1);
  const auto left_bits = hn::BitCast(integers, tail.low);
  const auto outwards = hn::Eq(hn::ShiftRight<63>(bits), hn::ShiftRight<63>(left_bits));
  const auto is_even = hn::Eq(hn::And(bits, one), hn::Zero(integers));
  const auto is_inexact = hn::RebindMask(integers, hn::Ne(tail.low, hn::Zero(Lanes())));
  const auto neighbour = hn::IfThenElse(outwards, hn::Add(bits, one), hn::Sub(bits, one));
  const auto odd = hn::IfThenElse(hn::And(is_even, is_inexact), neighbour, bits);
  return hn::Add(head.high, hn::BitCast(Lanes(), odd));
#endif
}

/// c - a * b, likewise.
HWY_INLINE Real fused_multiply_subtract_from(Real a, Real b, Real c) {
#if HWY_NATIVE_FMA
  return hn::NegMulAdd(a, b, c);
#else
  return fused_multiply_add(hn::Neg(a), b, c);
#endif
}

HWY_INLINE DoubleDouble negated(DoubleDouble a) {
  return {hn::Neg(a.high), hn::Neg(a.low)};
}

/// a + b, error below 2^-104 (|a| + |b|).
HWY_INLINE DoubleDouble sum(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble high = two_sum(a.high, b.high);
  return quick_two_sum(high.high, hn::Add(high.low, hn::Add(a.low, b.low)));
}

/// a * b, relative error below 2^-103.
HWY_INLINE DoubleDouble product(DoubleDouble a, Real b) {
  const DoubleDouble high = two_product(a.high, b);
  return quick_two_sum(high.high, hn::Add(high.low, hn::Mul(a.low, b)));
}

/// a * b, relative error below 2^-101.
HWY_INLINE DoubleDouble product(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble high = two_product(a.high, b.high);
  const Real mixed = hn::Add(hn::Mul(a.high, b.low), hn::Mul(a.low, b.high));
  return quick_two_sum(high.high, hn::Add(high.low, mixed));
}

/// a^2, relative error below 2^-103.
HWY_INLINE DoubleDouble square(DoubleDouble a) {
  const DoubleDouble high = two_product(a.high, a.high);
  return quick_two_sum(high.high, hn::Add(high.low, hn::Mul(hn::Add(a.high, a.high), a.low)));
}

/// a * b as one double: nearest but for 2^-103.
HWY_INLINE Real rounded_product(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble high = two_product(a.high, b.high);
  const Real mixed = hn::Add(hn::Mul(a.high, b.low), hn::Mul(a.low, b.high));
  return hn::Add(high.high, hn::Add(high.low, mixed));
}

/// x^2 + y^2, relative error below 2^-104. @pre squares neither overflow nor underflow
HWY_INLINE DoubleDouble sum_of_two_squares(Real x, Real y) {
  return sum(two_product(x, x), two_product(y, y));
}

/// The square root, relative error below 2^-100. @pre a is above 0
HWY_INLINE DoubleDouble square_root(DoubleDouble a) {
  const Real root = hn::Sqrt(a.high);
  const DoubleDouble back = two_product(root, root);
  const Real rest = hn::Add(hn::Sub(hn::Sub(a.high, back.high), back.low), a.low);
  return quick_two_sum(root, hn::Div(rest, hn::Add(root, root)));
}

/// sqrt(x^2 + y^2), relative error below 2^-100. @pre squares neither overflow nor underflow; not both zero
HWY_INLINE DoubleDouble hypotenuse(Real x, Real y) {
  return square_root(sum_of_two_squares(x, y));
}

/// A divisor, and nearly one over its high part: one division for whatever is divided by it.
struct Divisor {
  DoubleDouble value;
  Real inverse;
};

HWY_INLINE Divisor divisor(DoubleDouble value) {
  return {value, hn::Div(constant(1.0), value.high)};
}

/// The square root as a divisor, relative error below 2^-100. @pre a is above 0
HWY_INLINE Divisor square_root_divisor(DoubleDouble a) {
  const Real root = hn::Sqrt(a.high);
  const Real inverse = hn::Div(constant(1.0), root);
  const DoubleDouble back = two_product(root, root);
  const Real rest = hn::Add(hn::Sub(hn::Sub(a.high, back.high), back.low), a.low);
  return {quick_two_sum(root, hn::Mul(hn::Mul(constant(0.5), rest), inverse)), inverse};
}

/// a / b, relative error below 2^-99.
HWY_INLINE DoubleDouble quotient(DoubleDouble a, Divisor b) {
  const Real estimate = hn::Mul(a.high, b.inverse);
  const DoubleDouble product = two_product(estimate, b.value.high);
  const Real rest = hn::Sub(hn::Add(hn::Sub(hn::Sub(a.high, product.high), product.low), a.low),
                            hn::Mul(estimate, b.value.low));
  return quick_two_sum(estimate, hn::Mul(rest, b.inverse));
}

/// a / b, relative error below 2^-100. @pre b is not zero
HWY_INLINE DoubleDouble quotient(DoubleDouble a, DoubleDouble b) {
  const Real estimate = hn::Div(a.high, b.high);
  const DoubleDouble product = two_product(estimate, b.high);
  const Real rest =
      hn::Sub(hn::Add(hn::Sub(hn::Sub(a.high, product.high), product.low), a.low), hn::Mul(estimate, b.low));
  return quick_two_sum(estimate, hn::Div(rest, b.high));
}

struct SineCosine {
  Real sine;
  Real cosine;
};

/// Largest angle [rad] that `sine_cosine` accepts: beyond it the quarter turns can no longer be counted in a
/// double.
inline constexpr double largest_angle = 0x1p45;

/// An angle less a whole number of quarter turns.
struct ReducedAngle {
  DoubleDouble rest;  ///< at most pi/4, and a little
  Real quarters;      ///< the number of quarter turns, in the low bits
};

/// Takes quarter turns off an angle [rad], with pi/2 as the sum of three doubles. @pre |angle| <=
/// largest_angle
HWY_INLINE ReducedAngle reduced(DoubleDouble angle) {
  const Real quarter_1 = constant(0x1.921fb54442d18p+0);
  const Real quarter_2 = constant(0x1.1a62633145c07p-54);
  const Real quarter_3 = constant(-0x1.f1976b7ed8fbcp-110);

  // Adding 1.5 * 2^52 rounds to a whole number, which then stands in the low bits of the sum.
  const Real magic = constant(0x1.8p52);
  const Real shifted = hn::Add(hn::Mul(angle.high, constant(0x1.45f306dc9c883p-1)), magic);
  const Real turns = hn::Sub(shifted, magic);

  const DoubleDouble first = two_product(turns, quarter_1);
  const DoubleDouble second = two_product(turns, quarter_2);
  const DoubleDouble a = two_sum(angle.high, hn::Neg(first.high));
  const DoubleDouble b = two_sum(angle.low, hn::Neg(first.low));
  const DoubleDouble c = two_sum(a.high, b.high);
  const DoubleDouble e = two_sum(c.high, hn::Neg(second.high));
  const Real small = hn::Add(hn::Add(a.low, b.low), hn::Add(c.low, e.low));
  const Real rest = hn::Sub(hn::Sub(small, second.low), hn::Mul(turns, quarter_3));
  return {quick_two_sum(e.high, rest), shifted};
}

/// Sine and cosine of an angle [rad] that was reduced; absolute error of each below 0.8 * 2^-53 + |angle| *
/// 2^-104. Taylor series, whose first terms left out are below 2^-58 of the result.
HWY_INLINE SineCosine sine_cosine(const ReducedAngle& angle) {
  const Real h = angle.rest.high;
  const Real l = angle.rest.low;
  const Real z = hn::Mul(h, h);
  // Coefficients are 1 / n!, rounded to double.
  Real s = constant(1.0 / 355687428096000.0);
  s = hn::Add(hn::Mul(s, z), constant(-1.0 / 1307674368000.0));
  s = hn::Add(hn::Mul(s, z), constant(1.0 / 6227020800.0));
  s = hn::Add(hn::Mul(s, z), constant(-1.0 / 39916800.0));
  s = hn::Add(hn::Mul(s, z), constant(1.0 / 362880.0));
  s = hn::Add(hn::Mul(s, z), constant(-1.0 / 5040.0));
  s = hn::Add(hn::Mul(s, z), constant(1.0 / 120.0));
  s = hn::Add(hn::Mul(s, z), constant(-1.0 / 6.0));
  Real q = constant(1.0 / 20922789888000.0);
  q = hn::Add(hn::Mul(q, z), constant(-1.0 / 87178291200.0));
  q = hn::Add(hn::Mul(q, z), constant(1.0 / 479001600.0));
  q = hn::Add(hn::Mul(q, z), constant(-1.0 / 3628800.0));
  q = hn::Add(hn::Mul(q, z), constant(1.0 / 40320.0));
  q = hn::Add(hn::Mul(q, z), constant(-1.0 / 720.0));
  q = hn::Add(hn::Mul(q, z), constant(1.0 / 24.0));

  // sin(h + l) = sin h + l cos h, cos(h + l) = cos h - l sin h, to 2^-108.
  const Real half_z = hn::Mul(constant(0.5), z);
  const Real one = constant(1.0);
  const Real cosine_head = hn::Sub(one, half_z);
  const Real cosine_head_error = hn::Sub(hn::Sub(one, cosine_head), half_z);
  const Real sine = hn::Add(h, hn::Add(hn::Mul(hn::Mul(h, z), s), hn::Mul(l, cosine_head)));
  const Real cosine =
      hn::Add(cosine_head, hn::Add(cosine_head_error, hn::Sub(hn::Mul(hn::Mul(z, z), q), hn::Mul(h, l))));

  const hn::Rebind<std::uint64_t, Lanes> integers;
  const auto quarter = hn::BitCast(integers, angle.quarters);
  const auto zero = hn::Zero(integers);
  const auto odd = hn::And(quarter, hn::Set(integers, 1));
  const Mask swap = hn::RebindMask(Lanes(), hn::Ne(odd, zero));
  // Turning by a quarter maps (cos, sin) to (-sin, cos); by two, to (-cos, -sin).
  const Mask negate_sine = hn::RebindMask(Lanes(), hn::Ne(hn::And(quarter, hn::Set(integers, 2)), zero));
  const auto quarter_plus_one = hn::Add(quarter, hn::Set(integers, 1));
  const Mask negate_cosine =
      hn::RebindMask(Lanes(), hn::Ne(hn::And(quarter_plus_one, hn::Set(integers, 2)), zero));
  const Real turned_sine = hn::IfThenElse(swap, cosine, sine);
  const Real turned_cosine = hn::IfThenElse(swap, sine, cosine);
  return {hn::IfThenElse(negate_sine, hn::Neg(turned_sine), turned_sine),
          hn::IfThenElse(negate_cosine, hn::Neg(turned_cosine), turned_cosine)};
}

/// The same of any angle. @pre |angle| <= largest_angle
HWY_INLINE SineCosine sine_cosine(DoubleDouble angle) {
  return sine_cosine(reduced(angle));
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
