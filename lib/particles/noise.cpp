#include "particles/noise.hpp"

#include <cstring>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "particles/noise.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "particles/philox-inl.hpp"

#ifndef ORRERY_PARTICLES_NOISE_ONCE
#define ORRERY_PARTICLES_NOISE_ONCE

namespace orrery {
namespace {

constexpr double middle_word = 0x1p31 - 0.5;
constexpr double noise_of_word = most_noise * 0x1p-31;

/// The last two words of the counter. The purpose's byte is above 0 where other streams of the same seed,
/// whose purpose is the whole word, have 0: the two kinds never meet.
struct CounterEnd {
  std::uint32_t third, fourth;
};

CounterEnd counter_end(const NoiseStream& stream) {
  return {static_cast<std::uint32_t>(stream.step),
          static_cast<std::uint32_t>(stream.purpose) << 24 |
              (static_cast<std::uint32_t>(stream.step >> 32) & 0xffffff)};
}

}  // namespace
}  // namespace orrery

#endif  // once

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

HWY_INLINE Word load_ids(const ParticleId* ids) {
  HWY_ALIGN std::array<std::uint64_t, 64 / sizeof(std::uint64_t)> numbers;  // the widest register
  std::memcpy(numbers.data(), ids, lane_count() * sizeof(std::uint64_t));
  return hn::Load(Words(), numbers.data());
}

HWY_INLINE void store_noise(Word word, double* out, std::size_t at) {
  if (out == nullptr) return;
  // As the low bits of 2^52 a word is a double at once.
  const Real above = hn::BitCast(Lanes(), hn::Or(word, hn::Set(Words(), 0x4330000000000000)));
  const Real centred = hn::Sub(hn::Sub(above, constant(0x1p52)), constant(middle_word));
  hn::StoreU(hn::Mul(centred, constant(noise_of_word)), Lanes(), out + at);
}

HWY_INLINE void store_noise(const PhiloxBlock& block, const std::array<double*, 3>& out, std::size_t at) {
  store_noise(block.c0, out[0], at);
  store_noise(block.c1, out[1], at);
  store_noise(block.c2, out[2], at);
}

/// Draws for as many ids as fill pairs of registers, and returns how many these are.
std::size_t draw_noise_registers(const NoiseStream& stream, std::span<const ParticleId> ids,
                                 const std::array<double*, 3>& out) {
  const CounterEnd end = counter_end(stream);
  const std::size_t lanes = lane_count();
  std::size_t row = 0;
  for (; row + 2 * lanes <= ids.size(); row += 2 * lanes) {
    PhiloxBlock even(load_ids(ids.data() + row), end.third, end.fourth);
    PhiloxBlock odd(load_ids(ids.data() + row + lanes), end.third, end.fourth);
    mix(even, odd, stream.seed);
    store_noise(even, out, row);
    store_noise(odd, out, row + lanes);
  }
  return row;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(draw_noise_registers);

Vec3 noise(const NoiseStream& stream, ParticleId id) {
  const CounterEnd end = counter_end(stream);
  const auto bits = random_bits({stream.seed, end.fourth, end.third}, number(id));
  const auto number_of = [](std::uint64_t word) {
    return (static_cast<double>(word & 0xffffffff) - middle_word) * noise_of_word;
  };
  return {number_of(bits[0]), number_of(bits[0] >> 32), number_of(bits[1])};
}

void draw_noise(const NoiseStream& stream, std::span<const ParticleId> ids,
                const std::array<double*, 3>& out) {
  const std::size_t drawn = HWY_DYNAMIC_DISPATCH(draw_noise_registers)(stream, ids, out);
  for (std::size_t row = drawn; row < ids.size(); ++row) {
    const Vec3 numbers = noise(stream, ids[row]);
    for (std::size_t axis = 0; axis < out.size(); ++axis)
      if (out[axis] != nullptr) out[axis][row] = numbers[axis];
  }
}

}  // namespace orrery

#endif  // HWY_ONCE
