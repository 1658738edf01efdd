#include "yardsticks/pi_kernel.hpp"

#include "core/vector_targets.hpp"
#include "particles/random_numbers.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "yardsticks/pi_kernel.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include <hwy/highway.h>
#include <array>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Words =
    hn::ScalableTag<std::uint64_t>;  // a 32-bit word in the low half of each lane, anything above it
using Word = hn::Vec<Words>;

constexpr auto purpose = static_cast<std::uint32_t>(Purpose::pi_sample);

/// Product of the low halves.
HWY_INLINE Word multiply(Word a, Word b) {
#if HWY_TARGET == HWY_SCALAR
  return hn::Set(Words(), (hn::GetLane(a) & 0xffffffff) * (hn::GetLane(b) & 0xffffffff));
#else
  const hn::Repartition<std::uint32_t, Words> halves;
  return hn::MulEven(hn::BitCast(halves, a), hn::BitCast(halves, b));
#endif
}

/// A quarter of the square of a coordinate times 2^32, rounded down: squares of odd numbers are 4 q + 1.
HWY_INLINE Word quarter_square(Word word) {
  const Word odd = hn::Or(word, hn::Set(Words(), 1));
  return hn::ShiftRight<2>(multiply(odd, odd));
}

/// 1 in each lane that misses: x^2 + y^2 < 2^64 exactly if the quarters add up to less than 2^62. They are
/// below 2^63 in any case.
HWY_INLINE Word misses(Word x, Word y) {
  return hn::ShiftRight<62>(hn::Add(quarter_square(x), quarter_square(y)));
}

/// One register of counters on their way to random words. Products are not cut to their low halves, as no
/// code looks at the others.
struct Blocks {
  Word c0, c1, c2, c3;

  HWY_INLINE explicit Blocks(Word block)
      : c0(block), c1(hn::ShiftRight<32>(block)), c2(hn::Zero(Words())), c3(hn::Set(Words(), purpose)) {}

  HWY_INLINE void round(Word k0, Word k1) {
    const Word a = multiply(c0, hn::Set(Words(), 0xD2511F53U));
    const Word b = multiply(c2, hn::Set(Words(), 0xCD9E8D57U));
    c0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(b), c1), k0);
    c1 = b;
    c2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(a), c3), k1);
    c3 = a;
  }

  HWY_INLINE Word missed() const { return hn::Add(misses(c0, c1), misses(c2, c3)); }
};

struct Keys {
  std::array<std::uint32_t, 10> k0, k1;

  explicit Keys(std::uint64_t seed) : k0(), k1() {
    auto low = static_cast<std::uint32_t>(seed);
    auto high = static_cast<std::uint32_t>(seed >> 32);
    for (std::size_t round = 0; round < k0.size(); ++round) {
      k0[round] = low;
      k1[round] = high;
      low += 0x9E3779B9U;
      high += 0xBB67AE85U;
    }
  }
};

const char* target_name() {
  return hwy::TargetName(HWY_TARGET);
}

/// Counts the misses of as many whole blocks from the first on as fill registers, and says how many those
/// are.
std::uint64_t count_block_misses(std::uint64_t seed, std::uint64_t first, std::uint64_t count,
                                 std::uint64_t& missed) {
  const Words words;
  const std::uint64_t lanes = hn::Lanes(words);
  const Keys keys(seed);
  Word sum = hn::Zero(words);
  Word block = hn::Iota(words, first);
  const Word step = hn::Set(words, lanes);
  std::uint64_t done = 0;
  // Three registers side by side: the rounds of one are a chain. A fourth finds no room.
  for (; done + 3 * lanes <= count; done += 3 * lanes) {
    Blocks a(block);
    block = hn::Add(block, step);
    Blocks b(block);
    block = hn::Add(block, step);
    Blocks c(block);
    block = hn::Add(block, step);
    for (std::size_t round = 0; round < keys.k0.size(); ++round) {
      const Word k0 = hn::Set(words, keys.k0[round]);
      const Word k1 = hn::Set(words, keys.k1[round]);
      a.round(k0, k1);
      b.round(k0, k1);
      c.round(k0, k1);
    }
    sum = hn::Add(sum, hn::Add(a.missed(), hn::Add(b.missed(), c.missed())));
  }
  HWY_ALIGN std::uint64_t by_lane[HWY_MAX_BYTES / sizeof(std::uint64_t)];
  hn::Store(sum, words, by_lane);
  missed = 0;
  for (std::uint64_t lane = 0; lane < lanes; ++lane) missed += by_lane[lane];
  return done;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(count_block_misses);
HWY_EXPORT(target_name);

bool is_hit(std::uint64_t seed, std::int64_t sample) {
  const auto id = static_cast<std::uint64_t>(sample);
  const std::uint64_t bits =
      random_bits({seed, static_cast<std::uint32_t>(Purpose::pi_sample), 0}, id / 2)[id % 2];
  const std::uint64_t x = (bits & 0xffffffff) | 1U;
  const std::uint64_t y = bits >> 32 | 1U;
  return (x * x >> 2U) + (y * y >> 2U) < std::uint64_t{1} << 62U;
}

std::int64_t count_hits(std::uint64_t seed, Range samples) {
  std::int64_t hits = 0;
  std::int64_t at = samples.begin;
  if (at % 2 != 0 && at < samples.end) hits += is_hit(seed, at++) ? 1 : 0;
  if (at < samples.end) {
    std::uint64_t missed = 0;
    const auto first = static_cast<std::uint64_t>(at / 2);
    const auto blocks = HWY_DYNAMIC_DISPATCH(count_block_misses)(
        seed, first, static_cast<std::uint64_t>((samples.end - at) / 2), missed);
    const auto done = static_cast<std::int64_t>(2 * blocks);
    hits += done - static_cast<std::int64_t>(missed);
    at += done;
  }
  for (; at < samples.end; ++at) hits += is_hit(seed, at) ? 1 : 0;
  return hits;
}

std::string pi_instruction_set() {
  return HWY_DYNAMIC_DISPATCH(target_name)();
}

}  // namespace orrery

#endif  // HWY_ONCE
