#include "particles/random_numbers.hpp"

#include <Random123/philox.h>

#include <algorithm>

namespace orrery {

std::array<std::uint64_t, 2> random_bits(const RandomStream& stream, std::uint64_t id) {
  const r123::Philox4x32::ctr_type counter{
      {static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32), stream.draw, stream.purpose}};
  const r123::Philox4x32::key_type key{
      {static_cast<std::uint32_t>(stream.seed), static_cast<std::uint32_t>(stream.seed >> 32)}};
  const auto words = r123::Philox4x32()(counter, key);
  return {words[0] | std::uint64_t{words[1]} << 32, words[2] | std::uint64_t{words[3]} << 32};
}

double uniform_number(std::uint64_t bits, double low, double high) {
  const double fraction = static_cast<double>(bits >> 11) * 0x1p-53;
  // low + fraction * (high - low) would overflow for a range wider than the largest double.
  return std::clamp(low * (1.0 - fraction) + high * fraction, low, high);
}

void draw_uniform(const RandomStream& stream, std::uint64_t first_id, std::size_t count,
                  const UniformColumn& first, const UniformColumn& second) {
  const std::size_t drawn = draw_uniform_pairs(stream, first_id, count, first, second);
  for (std::size_t row = drawn; row < count; ++row) {
    const auto bits = random_bits(stream, first_id + row);
    if (first.out != nullptr) first.out[row] = uniform_number(bits[0], first.low, first.high);
    if (second.out != nullptr) second.out[row] = uniform_number(bits[1], second.low, second.high);
  }
}

}  // namespace orrery
