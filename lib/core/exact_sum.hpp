/// The exact sum of doubles: the same bits in whatever order and grouping the terms arrive.
///
/// Floating addition depends on the order of the terms; integer addition does not. The sum is therefore kept
/// as one long integer that spans the whole range of double, in digits of 32 bits, each held in 64 bits so
/// that carries can wait. Source: R. M. Neal, Fast exact summation using small and large superaccumulators,
/// arXiv:1505.05571 (2015).
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace orrery {

class ExactSum {
public:
  /// Digits of 32 bits from 2^-1074 up to 2^1024, and room for the carries of 2^63 terms.
  static constexpr int digit_count = 69;

  /// @pre term is finite.
  void add(double term) {
    if (term == 0.0) return;
    if (++waiting_ == carry_limit) carry();
    accumulate(term);
  }

  void add(const ExactSum& other);

  /// The sum, rounded once to nearest even.
  double value() const;

  /// The digits with carries resolved: summing them digit by digit over up to 2^31 parts, in any order, and
  /// handing the result to `from_digits`, gives the exact sum over the parts.
  std::array<std::int64_t, digit_count> digits() const;
  static ExactSum from_digits(std::span<const std::int64_t, digit_count> digits);

private:
  static constexpr std::uint32_t carry_limit = 1U << 30;

  void accumulate(double term);
  void carry();

  std::array<std::int64_t, digit_count> digits_{};
  std::uint32_t waiting_ = 0;
};

}  // namespace orrery
