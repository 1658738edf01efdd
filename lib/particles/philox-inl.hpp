/// Random bits for one register of ids: Philox4x32-10. Included once per instruction set.
///
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3,
/// SC11 (2011).

#if defined(ORRERY_PARTICLES_PHILOX_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_PARTICLES_PHILOX_INL_HPP
#undef ORRERY_PARTICLES_PHILOX_INL_HPP
#else
#define ORRERY_PARTICLES_PHILOX_INL_HPP
#endif

#include <cstdint>

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

/// Counters of one register of ids, which `mix` turns into random words.
struct PhiloxBlock {
  Word c0, c1, c2, c3;

  /// @param third   word of the counter after the two of the id, the same for all ids; likewise `fourth`
  HWY_INLINE PhiloxBlock(Word id, std::uint32_t third, std::uint32_t fourth)
      : c0(hn::And(id, hn::Set(Words(), 0xffffffff))),
        c1(hn::ShiftRight<32>(id)),
        c2(hn::Set(Words(), third)),
        c3(hn::Set(Words(), fourth)) {}

  HWY_INLINE void round(Word k0, Word k1) {
    const HalvesOfProduct a = multiply(c0, 0xD2511F53U);
    const HalvesOfProduct b = multiply(c2, 0xCD9E8D57U);
    c0 = hn::Xor(hn::Xor(b.high, c1), k0);
    c1 = b.low;
    c2 = hn::Xor(hn::Xor(a.high, c3), k1);
    c3 = a.low;
  }
};

/// The ten rounds, of two registers side by side: those of one are a chain.
HWY_INLINE void mix(PhiloxBlock& even, PhiloxBlock& odd, std::uint64_t key) {
  auto key_0 = static_cast<std::uint32_t>(key);
  auto key_1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const Word k0 = hn::Set(Words(), key_0);
    const Word k1 = hn::Set(Words(), key_1);
    even.round(k0, k1);
    odd.round(k0, k1);
    key_0 += 0x9E3779B9U;
    key_1 += 0xBB67AE85U;
  }
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
