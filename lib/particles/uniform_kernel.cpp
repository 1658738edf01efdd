#include "particles/uniform_kernel.hpp"

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "particles/uniform_kernel.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "core/vector_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

using Words = hn::ScalableTag<std::uint64_t>;  // a 32-bit word in the low half of each lane
using Word = hn::Vec<Words>;

/// Low and high half of a product of two words.
struct HalvesOfProduct {
  Word low, high;
};

HWY_INLINE HalvesOfProduct multiply(Word word, std::uint32_t factor) {
#if HWY_TARGET == HWY_SCALAR
  const Word product = hn::Set(Words(), hn::GetLane(word) * factor);
#else
  const hn::Repartition<std::uint32_t, Words> halves;
  const Word product = hn::MulEven(hn::BitCast(halves, word), hn::Set(halves, factor));
#endif
  return {hn::And(product, hn::Set(Words(), 0xffffffff)), hn::ShiftRight<32>(product)};
}

HWY_INLINE void draw_register(const UniformColumn& column, Word bits, std::size_t at) {
  if (column.out == nullptr) return;
  const hn::Rebind<std::int64_t, Lanes> integers;
  const Real leading = hn::ConvertTo(Lanes(), hn::BitCast(integers, hn::ShiftRight<11>(bits)));
  const Real fraction = hn::Mul(leading, constant(0x1p-53));
  const Real low = constant(column.low);
  const Real high = constant(column.high);
  const Real number = hn::Add(hn::Mul(low, hn::Sub(constant(1.0), fraction)), hn::Mul(high, fraction));
  const Real not_above = hn::IfThenElse(hn::Lt(high, number), high, number);
  hn::StoreU(hn::IfThenElse(hn::Lt(number, low), low, not_above), Lanes(), column.out + at);
}

/// Counters of one register of ids, on their way to random bits.
struct Counters {
  Word c0, c1, c2, c3;

  HWY_INLINE Counters(const RandomStream& stream, std::uint64_t first_id) {
    const Word id = hn::Iota(Words(), first_id);
    c0 = hn::And(id, hn::Set(Words(), 0xffffffff));
    c1 = hn::ShiftRight<32>(id);
    c2 = hn::Set(Words(), stream.draw);
    c3 = hn::Set(Words(), stream.purpose);
  }

  HWY_INLINE void round(Word k0, Word k1) {
    const HalvesOfProduct a = multiply(c0, 0xD2511F53U);
    const HalvesOfProduct b = multiply(c2, 0xCD9E8D57U);
    c0 = hn::Xor(hn::Xor(b.high, c1), k0);
    c1 = b.low;
    c2 = hn::Xor(hn::Xor(a.high, c3), k1);
    c3 = a.low;
  }

  HWY_INLINE void store(const UniformColumn& first, const UniformColumn& second, std::size_t at) const {
    draw_register(first, hn::Or(c0, hn::ShiftLeft<32>(c1)), at);
    draw_register(second, hn::Or(c2, hn::ShiftLeft<32>(c3)), at);
  }
};

std::size_t draw_pairs(const RandomStream& stream, std::uint64_t first_id, std::size_t count,
                       const UniformColumn& first, const UniformColumn& second) {
  const std::size_t lanes = lane_count();
  std::size_t row = 0;
  // Two registers side by side: the rounds of one are a chain.
  for (; row + 2 * lanes <= count; row += 2 * lanes) {
    Counters even(stream, first_id + row);
    Counters odd(stream, first_id + row + lanes);
    auto key_0 = static_cast<std::uint32_t>(stream.seed);
    auto key_1 = static_cast<std::uint32_t>(stream.seed >> 32);
    for (int round = 0; round < 10; ++round) {
      const Word k0 = hn::Set(Words(), key_0);
      const Word k1 = hn::Set(Words(), key_1);
      even.round(k0, k1);
      odd.round(k0, k1);
      key_0 += 0x9E3779B9U;
      key_1 += 0xBB67AE85U;
    }
    even.store(first, second, row);
    odd.store(first, second, row + lanes);
  }
  return row;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(draw_pairs);

std::size_t draw_uniform_pairs(const RandomStream& stream, std::uint64_t first_id, std::size_t count,
                               const UniformColumn& first, const UniformColumn& second) {
  return HWY_DYNAMIC_DISPATCH(draw_pairs)(stream, first_id, count, first, second);
}

}  // namespace orrery

#endif  // HWY_ONCE
