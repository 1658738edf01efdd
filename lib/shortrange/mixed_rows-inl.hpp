/// Rows of four whole numbers in memory to registers of one coordinate each, and sums of them. Once per
/// instruction set.

#if defined(ORRERY_SHORTRANGE_MIXED_ROWS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_SHORTRANGE_MIXED_ROWS_INL_HPP
#undef ORRERY_SHORTRANGE_MIXED_ROWS_INL_HPP
#else
#define ORRERY_SHORTRANGE_MIXED_ROWS_INL_HPP
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "shortrange/row_transpose-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// One, four, eight or sixteen pairs at a time, twice as many as in double.
using MixedLanes = hn::CappedTag<float, 16>;
using MixedIntegers = hn::RebindToSigned<MixedLanes>;
using MixedReal = hn::Vec<MixedLanes>;
using MixedInteger = hn::Vec<MixedIntegers>;

#if HWY_MAX_BYTES < 16

template <class T>
HWY_INLINE Axes<hn::Vec<hn::Rebind<T, MixedLanes>>> load_mixed_rows(const T* rows, const std::int32_t* row) {
  const hn::Rebind<T, MixedLanes> d;
  const auto* const at = rows + *row;
  return {hn::Load(d, at), hn::Load(d, at + 1), hn::Load(d, at + 2)};
}

HWY_INLINE PairInteger widened(const std::int32_t* numbers) {
  return hn::PromoteTo(PairIntegers(), hn::Load(MixedIntegers(), numbers));
}

#else

/// As many rows in a register as it holds, the first four neighbours apart.
template <class T>
HWY_INLINE MixedInteger load_rows_apart(const T* rows, const std::int32_t* row) {
  const hn::CappedTag<T, row_width> one;
  const hn::RebindToSigned<decltype(one)> whole;
  const auto at = [&](std::size_t lane) { return hn::BitCast(whole, hn::Load(one, rows + row[lane])); };
#if HWY_MAX_BYTES == 16
  return at(0);
#elif HWY_MAX_BYTES == 32
  return hn::Combine(MixedIntegers(), at(4), at(0));
#else
  // The library's own clears the upper parts first.
  __m512i all = _mm512_castsi128_si512(at(0).raw);
  all = _mm512_inserti32x4(all, at(4).raw, 1);
  all = _mm512_inserti32x4(all, at(8).raw, 2);
  return MixedInteger{_mm512_inserti32x4(all, at(12).raw, 3)};
#endif
}

/// Block by block of four neighbours, in their order.
template <class T>
HWY_INLINE Axes<hn::Vec<hn::Rebind<T, MixedLanes>>> load_mixed_rows(const T* rows, const std::int32_t* row) {
  const hn::Rebind<T, MixedLanes> d;
  const MixedIntegers i;
  const hn::RepartitionToWide<MixedIntegers> pairs;
  const MixedInteger r0 = load_rows_apart(rows, row), r1 = load_rows_apart(rows, row + 1);
  const MixedInteger r2 = load_rows_apart(rows, row + 2), r3 = load_rows_apart(rows, row + 3);
  const auto xy01 = hn::BitCast(pairs, hn::InterleaveLower(i, r0, r1));
  const auto xy23 = hn::BitCast(pairs, hn::InterleaveLower(i, r2, r3));
  const auto zw01 = hn::BitCast(pairs, hn::InterleaveUpper(i, r0, r1));
  const auto zw23 = hn::BitCast(pairs, hn::InterleaveUpper(i, r2, r3));
  return {hn::BitCast(d, hn::InterleaveLower(pairs, xy01, xy23)),
          hn::BitCast(d, hn::InterleaveUpper(pairs, xy01, xy23)),
          hn::BitCast(d, hn::InterleaveLower(pairs, zw01, zw23))};
}

/// Sums of two lanes each, in twice as many bits.
HWY_INLINE PairInteger widened(const std::int32_t* numbers) {
  const PairIntegers wide;
  const hn::Half<MixedIntegers> half;
  return hn::Add(hn::PromoteTo(wide, hn::Load(half, numbers)),
                 hn::PromoteTo(wide, hn::Load(half, numbers + hn::Lanes(half))));
}

#endif

/// Rounded to whole numbers, ties to even. @pre numbers are below 2^31
HWY_INLINE MixedInteger nearest(MixedReal numbers) {
#if HWY_TARGET == HWY_EMU128 || HWY_TARGET == HWY_SCALAR
  // The library's own takes the number before 1/2 for 1.
  const MixedLanes f;
  const MixedIntegers i;
  HWY_ALIGN float number[hn::MaxLanes(f)];
  HWY_ALIGN std::int32_t whole[hn::MaxLanes(f)];
  hn::Store(numbers, f, number);
  for (std::size_t lane = 0; lane < hn::MaxLanes(f); ++lane)
    whole[lane] = static_cast<std::int32_t>(std::lrint(number[lane]));
  return hn::Load(i, whole);
#elif HWY_ARCH_X86 && HWY_MAX_BYTES == 64
  // The library's own also sees to numbers out of range, which takes two operations more.
  return MixedInteger{_mm512_cvtps_epi32(numbers.raw)};
#elif HWY_ARCH_X86 && HWY_MAX_BYTES == 32
  return MixedInteger{_mm256_cvtps_epi32(numbers.raw)};
#elif HWY_ARCH_X86
  return MixedInteger{_mm_cvtps_epi32(numbers.raw)};
#else
  return hn::NearestInt(numbers);
#endif
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
