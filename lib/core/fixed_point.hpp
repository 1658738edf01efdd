/// Numbers as integers, so that sums of them have no order.
///
/// A force is rounded once, to a multiple of a power of two, and from then on an integer. Integer addition is
/// associative, so a sum has the same bits however its terms are grouped over registers, threads and ranks.
/// Source: M. Taufer et al., IPDPS 2010; S. Le Grand, A. Goetz, R. Walker, Comput. Phys. Commun. 184 (2013)
/// 374.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace orrery {

/// Multiples of 2^-bits.
struct FixedPoint {
  int bits = 0;

  double unit() const { return std::ldexp(1.0, -bits); }
  double scale() const { return std::ldexp(1.0, bits); }
  /// The number that an integer stands for, rounded once.
  double value(std::int64_t integer) const { return static_cast<double>(integer) * unit(); }

  /// Adding this to |x| < 2^51 units rounds x to a multiple of the unit, ties to even, and leaves it in the
  /// low bits: bits(x + magic) - bias = round(x / unit).
  double magic() const { return std::ldexp(0x1.8p52, -bits); }
  std::uint64_t bias() const { return std::bit_cast<std::uint64_t>(magic()); }

  /// The finest that holds all numbers up to a bound, as one term of a sum of `most_terms`.
  /// @param bound  above 0
  static FixedPoint for_terms_up_to(double bound) {
    int exponent = 0;
    std::frexp(bound, &exponent);  // bound < 2^exponent
    return {term_bits - exponent};
  }

  /// A term must be below 2^51 units: `magic` rounds no larger ones.
  static constexpr int term_bits = 51;
  /// Terms of full size that a sum of 64 bits holds for certain.
  static constexpr std::int64_t most_terms = std::int64_t{1} << (63 - term_bits);
};

/// The magic of whole numbers.
inline constexpr double rounding_magic = 0x1.8p52;

/// One of the three sums in a row of terms that a bias was added to and subtracted from, without it: the
/// row's fourth number is how often it was added, less how often it was subtracted.
inline std::int64_t unbiased(const std::int64_t* row, std::size_t axis, std::uint64_t bias) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(row[axis]) -
                                   static_cast<std::uint64_t>(row[3]) * bias);
}

/// x rounded to a multiple of 2^-bits, an odd function of x. `magic` is `rounding_magic * 2^-bits`.
/// @pre |x| < 2^(51 - bits)
inline double round_to_grid(double x, double magic) {
  return (x + magic) - magic;
}

}  // namespace orrery
