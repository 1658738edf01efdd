#include "core/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace orrery {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::int64_t digit_mask = 0xffffffff;

}  // namespace

void ExactSum::accumulate(double term) {
  const auto bits = std::bit_cast<std::uint64_t>(term);
  const auto exponent_field = static_cast<unsigned>(bits >> 52) & 0x7ffU;
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const std::uint64_t mantissa = exponent_field == 0 ? fraction : fraction | (std::uint64_t{1} << 52);
  const unsigned position =
      exponent_field == 0 ? 0 : exponent_field - 1;  // of the mantissa's last bit over 2^-1074

  const unsigned digit = position / 32;
  const unsigned shift = position % 32;
  const std::uint64_t lower = mantissa << shift;
  const std::uint64_t upper = shift == 0 ? 0 : mantissa >> (64 - shift);
  const std::array<std::int64_t, 3> pieces{static_cast<std::int64_t>(lower & 0xffffffffU),
                                           static_cast<std::int64_t>(lower >> 32),
                                           static_cast<std::int64_t>(upper)};
  const std::int64_t sign = std::signbit(term) ? -1 : 1;
  for (unsigned piece = 0; piece < 3; ++piece) digits_[digit + piece] += sign * pieces[piece];
}

void ExactSum::carry() {
  for (std::size_t digit = 0; digit + 1 < digits_.size(); ++digit) {
    const std::int64_t value = digits_[digit];
    digits_[digit] = value & digit_mask;
    digits_[digit + 1] +=
        value >> 32;  // arithmetic shift: rounds down, so the digit left behind is not negative
  }
  waiting_ = 1;
}

void ExactSum::add(const ExactSum& other) {
  const auto terms = other.digits();
  carry();
  for (std::size_t digit = 0; digit < digits_.size(); ++digit) digits_[digit] += terms[digit];
}

std::array<std::int64_t, ExactSum::digit_count> ExactSum::digits() const {
  ExactSum copy = *this;
  copy.carry();
  return copy.digits_;
}

ExactSum ExactSum::from_digits(std::span<const std::int64_t, digit_count> digits) {
  ExactSum sum;
  std::copy(digits.begin(), digits.end(), sum.digits_.begin());
  sum.carry();
  return sum;
}

double ExactSum::value() const {
  ExactSum magnitude = *this;
  magnitude.carry();
  const bool negative = magnitude.digits_.back() < 0;
  if (negative) {
    for (auto& digit : magnitude.digits_) digit = -digit;
    magnitude.carry();
  }

  int top = digit_count - 1;
  while (top >= 0 && magnitude.digits_[static_cast<std::size_t>(top)] == 0) --top;
  if (top < 0) return 0.0;

  // The top three digits hold at least 65 significant bits; of the rest only matters whether anything is
  // left.
  Wide leading = 0;
  for (int digit = top; digit > top - 3; --digit) {
    leading =
        (leading << 32) |
        (digit >= 0 ? static_cast<std::uint64_t>(magnitude.digits_[static_cast<std::size_t>(digit)]) : 0U);
  }
  bool sticky = false;
  for (int digit = top - 3; digit >= 0; --digit)
    sticky = sticky || magnitude.digits_[static_cast<std::size_t>(digit)] != 0;

  int exponent = 32 * (top - 2) - 1074;
  while ((leading >> 64) != 0) {
    sticky = sticky || (leading & 1U) != 0;
    leading >>= 1;
    ++exponent;
  }
  const auto rounded = static_cast<double>(static_cast<std::uint64_t>(leading) | (sticky ? 1U : 0U));
  const double result = std::ldexp(rounded, exponent);
  return negative ? -result : result;
}

}  // namespace orrery
