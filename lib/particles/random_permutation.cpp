#include "particles/random_permutation.hpp"

#include <bit>

#include "core/error.hpp"

namespace orrery {
namespace {

std::uint64_t lowest(std::uint64_t number, int bits) {
  return number & ((std::uint64_t{1} << bits) - 1);
}

/// Few bits have few keys each round, and need more rounds: with 16, subsets of 3 to 16 numbers are drawn
/// alike as far as 6,000 seeds can tell, with 8 they are not.
std::uint32_t rounds_for(int bits) {
  constexpr int few_bits = 16;
  return bits <= few_bits ? 16 : 8;
}

}  // namespace

RandomPermutation::RandomPermutation(std::uint64_t seed, Purpose purpose, std::uint64_t count)
    : seed_(seed), purpose_(purpose), count_(count) {
  ensure(count > 0, "an order of something");
  const int bits = static_cast<int>(std::bit_width(count - 1));
  low_bits_ = (bits + 1) / 2;
  high_bits_ = bits / 2;
  rounds_ = rounds_for(bits);
}

std::uint64_t RandomPermutation::operator()(std::uint64_t number) const {
  do number = mixed(number);
  while (number >= count_);
  return number;
}

std::uint64_t RandomPermutation::mixed(std::uint64_t number) const {
  std::uint64_t low = lowest(number, low_bits_), high = number >> low_bits_;
  for (std::uint32_t round = 0; round < rounds_; ++round) {
    const std::uint64_t half = round % 2 == 0 ? low : high;
    const std::uint64_t bits = random_bits({seed_, static_cast<std::uint32_t>(purpose_), round}, half)[0];
    if (round % 2 == 0) {
      high ^= lowest(bits, high_bits_);
    } else {
      low ^= lowest(bits, low_bits_);
    }
  }
  return high << low_bits_ | low;
}

}  // namespace orrery
