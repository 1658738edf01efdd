/// Rows of four numbers in memory to registers of one coordinate each, and back. Once per instruction set.

#if defined(ORRERY_SHORTRANGE_ROW_TRANSPOSE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_SHORTRANGE_ROW_TRANSPOSE_INL_HPP
#undef ORRERY_SHORTRANGE_ROW_TRANSPOSE_INL_HPP
#else
#define ORRERY_SHORTRANGE_ROW_TRANSPOSE_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// One, two, four or eight pairs at a time, as the registers have it.
using PairLanes = hn::CappedTag<double, 8>;
using PairIntegers = hn::RebindToSigned<PairLanes>;
using PairReal = hn::Vec<PairLanes>;
using PairInteger = hn::Vec<PairIntegers>;

template <class V>
struct Axes {
  V x, y, z;
};

constexpr std::size_t row_width = 4;

#if HWY_MAX_BYTES < 64

/// Adds sums over registers to a row, and how many numbers that makes to its count of biases.
HWY_INLINE void add_to_row(PairIntegers d, std::int64_t* row, const Axes<PairInteger>& sum,
                           std::uint64_t registers) {
  const auto add = [&](std::size_t axis, std::uint64_t number) {
    row[axis] = static_cast<std::int64_t>(static_cast<std::uint64_t>(row[axis]) + number);
  };
  const hn::RebindToUnsigned<PairLanes> u;  // wraps around, as biased sums do
  add(0, hn::GetLane(hn::SumOfLanes(u, hn::BitCast(u, sum.x))));
  add(1, hn::GetLane(hn::SumOfLanes(u, hn::BitCast(u, sum.y))));
  add(2, hn::GetLane(hn::SumOfLanes(u, hn::BitCast(u, sum.z))));
  add(3, registers * hn::Lanes(d));
}

/// The same for floating-point numbers, of which there is no count.
HWY_INLINE void add_to_row(PairLanes d, double* row, const Axes<PairReal>& sum, std::uint64_t) {
  row[0] += hn::GetLane(hn::SumOfLanes(d, sum.x));
  row[1] += hn::GetLane(hn::SumOfLanes(d, sum.y));
  row[2] += hn::GetLane(hn::SumOfLanes(d, sum.z));
}

#endif

#if HWY_MAX_BYTES < 16

template <class D>
HWY_INLINE Axes<hn::Vec<D>> load_rows(D d, const hn::TFromD<D>* rows, const std::int32_t* row) {
  const auto* const at = rows + *row;
  return {hn::Load(d, at), hn::Load(d, at + 1), hn::Load(d, at + 2)};
}

template <class D>
HWY_INLINE void subtract_from_rows(D d, hn::TFromD<D>* rows, const std::int32_t* row,
                                   const Axes<hn::Vec<D>>& t, hn::Vec<D> fourth) {
  hn::TFromD<D>* const at = rows + *row;
  hn::Store(hn::Sub(hn::Load(d, at), t.x), d, at);
  hn::Store(hn::Sub(hn::Load(d, at + 1), t.y), d, at + 1);
  hn::Store(hn::Sub(hn::Load(d, at + 2), t.z), d, at + 2);
  hn::Store(hn::Sub(hn::Load(d, at + 3), fourth), d, at + 3);
}

#elif HWY_MAX_BYTES == 16

template <class D>
HWY_INLINE Axes<hn::Vec<D>> load_rows(D d, const hn::TFromD<D>* rows, const std::int32_t* row) {
  const auto* const first = rows + row[0];
  const auto* const second = rows + row[1];
  const auto xy0 = hn::Load(d, first), xy1 = hn::Load(d, second);
  const auto zw0 = hn::Load(d, first + 2), zw1 = hn::Load(d, second + 2);
  return {hn::InterleaveLower(d, xy0, xy1), hn::InterleaveUpper(d, xy0, xy1),
          hn::InterleaveLower(d, zw0, zw1)};
}

template <class D>
HWY_INLINE void subtract_from_rows(D d, hn::TFromD<D>* rows, const std::int32_t* row,
                                   const Axes<hn::Vec<D>>& t, hn::Vec<D> fourth) {
  const hn::Vec<D> xy[2] = {hn::InterleaveLower(d, t.x, t.y), hn::InterleaveUpper(d, t.x, t.y)};
  const hn::Vec<D> zw[2] = {hn::InterleaveLower(d, t.z, fourth), hn::InterleaveUpper(d, t.z, fourth)};
  for (std::size_t lane = 0; lane < 2; ++lane) {
    hn::TFromD<D>* const at = rows + row[lane];
    hn::Store(hn::Sub(hn::Load(d, at), xy[lane]), d, at);
    hn::Store(hn::Sub(hn::Load(d, at + 2), zw[lane]), d, at + 2);
  }
}

#else

template <class T>
using Quad = hn::CappedTag<T, 4>;

#if HWY_MAX_BYTES >= 64

/// Two rows in a register, those of two lanes that are four apart.
template <class T>
HWY_INLINE hn::Vec<hn::CappedTag<T, 8>> load_two_rows(const T* rows, const std::int32_t* row) {
  const Quad<double> half;
  const auto at = [&](std::size_t lane) {
    return hn::Load(half, reinterpret_cast<const double*>(rows + row[lane]));
  };
  // The library's own clears the upper half first.
  const hn::Vec<hn::CappedTag<double, 8>> both{
      _mm512_insertf64x4(_mm512_castpd256_pd512(at(0).raw), at(4).raw, 1)};
  return hn::BitCast(hn::CappedTag<T, 8>(), both);
}

/// Neighbours come in the order 0, 1, 4, 5, 2, 3, 6, 7, which saves shuffles.
template <class D>
HWY_INLINE Axes<hn::Vec<D>> load_rows(D d, const hn::TFromD<D>* rows, const std::int32_t* row) {
  using V = hn::Vec<D>;
  const V r04 = load_two_rows(rows, row), r15 = load_two_rows(rows, row + 1);
  const V r26 = load_two_rows(rows, row + 2), r37 = load_two_rows(rows, row + 3);
  const V xz01 = hn::InterleaveLower(d, r04, r15), xz23 = hn::InterleaveLower(d, r26, r37);
  const V yw01 = hn::InterleaveUpper(d, r04, r15), yw23 = hn::InterleaveUpper(d, r26, r37);
  // Blocks 0 and 2, or 1 and 3, of both.
  constexpr int even = 0x88, odd = 0xDD;
  return {V{_mm512_shuffle_f64x2(xz01.raw, xz23.raw, even)},
          V{_mm512_shuffle_f64x2(yw01.raw, yw23.raw, even)},
          V{_mm512_shuffle_f64x2(xz01.raw, xz23.raw, odd)}};
}

/// Numbers of two registers, chosen by their places in both.
template <class V>
HWY_INLINE V choose(V a, __m512i places, V b) {
  const hn::DFromV<V> d;
  const hn::CappedTag<std::int64_t, 8> i;
  using Integer = hn::Vec<hn::CappedTag<std::int64_t, 8>>;
  return hn::BitCast(
      d, Integer{_mm512_permutex2var_epi64(hn::BitCast(i, a).raw, places, hn::BitCast(i, b).raw)});
}

/// In the order of `load_rows`.
template <class D>
HWY_INLINE void subtract_from_rows(D d, hn::TFromD<D>* rows, const std::int32_t* row,
                                   const Axes<hn::Vec<D>>& t, hn::Vec<D> fourth) {
  using V = hn::Vec<D>;
  const Quad<hn::TFromD<D>> half;
  const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  const auto subtract = [&](const std::int32_t* lane, V xy, V zw, __m512i blocks) {
    const V change = choose(xy, blocks, zw);
    const V after = hn::Sub(load_two_rows(rows, lane), change);
    // Should both be a padding row, it does not matter what becomes of it.
    hn::Store(hn::LowerHalf(after), half, rows + lane[0]);
    hn::Store(hn::UpperHalf(half, after), half, rows + lane[4]);
  };
  const V xy_even = hn::InterleaveLower(d, t.x, t.y), zw_even = hn::InterleaveLower(d, t.z, fourth);
  subtract(row, xy_even, zw_even, first);
  subtract(row + 2, xy_even, zw_even, second);
  const V xy_odd = hn::InterleaveUpper(d, t.x, t.y), zw_odd = hn::InterleaveUpper(d, t.z, fourth);
  subtract(row + 1, xy_odd, zw_odd, first);
  subtract(row + 3, xy_odd, zw_odd, second);
}

/// Adds sums over registers to a row, and how many numbers that makes to its count of biases.
template <class D>
HWY_INLINE void add_to_row(D d, hn::TFromD<D>* row, const Axes<hn::Vec<D>>& sum, std::uint64_t registers) {
  using V = hn::Vec<D>;
  const Quad<hn::TFromD<D>> half;
  const V count = hn::Set(d, static_cast<hn::TFromD<D>>(registers));
  const V xy = hn::Add(hn::InterleaveLower(d, sum.x, sum.y), hn::InterleaveUpper(d, sum.x, sum.y));
  const V zw = hn::Add(hn::InterleaveLower(d, sum.z, count), hn::InterleaveUpper(d, sum.z, count));
  const V low = choose(xy, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), zw);
  const V high = choose(xy, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), zw);
  const V both = hn::Add(low, high);
  const auto total = hn::Add(hn::LowerHalf(both), hn::UpperHalf(half, both));
  hn::Store(hn::Add(hn::Load(half, row), total), half, row);
}

#else

template <class T>
HWY_INLINE Axes<hn::Vec<Quad<T>>> load_four_rows(const T* rows, const std::int32_t* row) {
  const Quad<T> d;
  const auto at = [&](std::size_t lane) { return hn::Load(d, rows + row[lane]); };
  const auto r0 = at(0), r1 = at(1), r2 = at(2), r3 = at(3);
  const auto xz01 = hn::InterleaveLower(d, r0, r1), xz23 = hn::InterleaveLower(d, r2, r3);
  const auto yw01 = hn::InterleaveUpper(d, r0, r1), yw23 = hn::InterleaveUpper(d, r2, r3);
  return {hn::ConcatLowerLower(d, xz23, xz01), hn::ConcatLowerLower(d, yw23, yw01),
          hn::ConcatUpperUpper(d, xz23, xz01)};
}

template <class T, class V>
HWY_INLINE void subtract_from_four_rows(T* rows, const std::int32_t* row, const Axes<V>& t, V fourth) {
  const Quad<T> d;
  const V xy02 = hn::InterleaveLower(d, t.x, t.y), xy13 = hn::InterleaveUpper(d, t.x, t.y);
  const V zw02 = hn::InterleaveLower(d, t.z, fourth), zw13 = hn::InterleaveUpper(d, t.z, fourth);
  const auto subtract = [&](std::size_t lane, V change) {
    T* const at = rows + row[lane];
    hn::Store(hn::Sub(hn::Load(d, at), change), d, at);
  };
  // One after the other: several lanes may stand for the same row, of padding.
  subtract(0, hn::ConcatLowerLower(d, zw02, xy02));
  subtract(1, hn::ConcatLowerLower(d, zw13, xy13));
  subtract(2, hn::ConcatUpperUpper(d, zw02, xy02));
  subtract(3, hn::ConcatUpperUpper(d, zw13, xy13));
}

template <class D>
HWY_INLINE Axes<hn::Vec<D>> load_rows(D, const hn::TFromD<D>* rows, const std::int32_t* row) {
  return load_four_rows(rows, row);
}

template <class D>
HWY_INLINE void subtract_from_rows(D, hn::TFromD<D>* rows, const std::int32_t* row, const Axes<hn::Vec<D>>& t,
                                   hn::Vec<D> fourth) {
  subtract_from_four_rows(rows, row, t, fourth);
}

#endif
#endif

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
