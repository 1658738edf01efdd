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

#if HWY_MAX_BYTES < 16

template <class D>
HWY_INLINE Axes<hn::Vec<D>> load_rows(D d, const hn::TFromD<D>* rows, const std::int32_t* row) {
  const auto* const at = rows + row_width * static_cast<std::size_t>(*row);
  return {hn::Load(d, at), hn::Load(d, at + 1), hn::Load(d, at + 2)};
}

HWY_INLINE void subtract_from_rows(PairIntegers d, std::int64_t* rows, const std::int32_t* row,
                                   const Axes<PairInteger>& t, PairInteger one) {
  std::int64_t* const at = rows + row_width * static_cast<std::size_t>(*row);
  hn::Store(hn::Sub(hn::Load(d, at), t.x), d, at);
  hn::Store(hn::Sub(hn::Load(d, at + 1), t.y), d, at + 1);
  hn::Store(hn::Sub(hn::Load(d, at + 2), t.z), d, at + 2);
  hn::Store(hn::Sub(hn::Load(d, at + 3), one), d, at + 3);
}

#elif HWY_MAX_BYTES == 16

template <class D>
HWY_INLINE Axes<hn::Vec<D>> load_rows(D d, const hn::TFromD<D>* rows, const std::int32_t* row) {
  const auto* const first = rows + row_width * static_cast<std::size_t>(row[0]);
  const auto* const second = rows + row_width * static_cast<std::size_t>(row[1]);
  const auto xy0 = hn::Load(d, first), xy1 = hn::Load(d, second);
  const auto zw0 = hn::Load(d, first + 2), zw1 = hn::Load(d, second + 2);
  return {hn::InterleaveLower(d, xy0, xy1), hn::InterleaveUpper(d, xy0, xy1),
          hn::InterleaveLower(d, zw0, zw1)};
}

HWY_INLINE void subtract_from_rows(PairIntegers d, std::int64_t* rows, const std::int32_t* row,
                                   const Axes<PairInteger>& t, PairInteger one) {
  const PairInteger xy[2] = {hn::InterleaveLower(d, t.x, t.y), hn::InterleaveUpper(d, t.x, t.y)};
  const PairInteger zw[2] = {hn::InterleaveLower(d, t.z, one), hn::InterleaveUpper(d, t.z, one)};
  for (std::size_t lane = 0; lane < 2; ++lane) {
    std::int64_t* const at = rows + row_width * static_cast<std::size_t>(row[lane]);
    hn::Store(hn::Sub(hn::Load(d, at), xy[lane]), d, at);
    hn::Store(hn::Sub(hn::Load(d, at + 2), zw[lane]), d, at + 2);
  }
}

#else

template <class T>
using Quad = hn::CappedTag<T, 4>;

template <class T>
HWY_INLINE Axes<hn::Vec<Quad<T>>> load_four_rows(const T* rows, const std::int32_t* row) {
  const Quad<T> d;
  const auto at = [&](std::size_t lane) {
    return hn::Load(d, rows + row_width * static_cast<std::size_t>(row[lane]));
  };
  const auto r0 = at(0), r1 = at(1), r2 = at(2), r3 = at(3);
  const auto xz01 = hn::InterleaveLower(d, r0, r1), xz23 = hn::InterleaveLower(d, r2, r3);
  const auto yw01 = hn::InterleaveUpper(d, r0, r1), yw23 = hn::InterleaveUpper(d, r2, r3);
  return {hn::ConcatLowerLower(d, xz23, xz01), hn::ConcatLowerLower(d, yw23, yw01),
          hn::ConcatUpperUpper(d, xz23, xz01)};
}

template <class V>
HWY_INLINE void subtract_from_four_rows(std::int64_t* rows, const std::int32_t* row, const Axes<V>& t,
                                        V one) {
  const Quad<std::int64_t> d;
  const V xy02 = hn::InterleaveLower(d, t.x, t.y), xy13 = hn::InterleaveUpper(d, t.x, t.y);
  const V zw02 = hn::InterleaveLower(d, t.z, one), zw13 = hn::InterleaveUpper(d, t.z, one);
  const auto subtract = [&](std::size_t lane, V change) {
    std::int64_t* const at = rows + row_width * static_cast<std::size_t>(row[lane]);
    hn::Store(hn::Sub(hn::Load(d, at), change), d, at);
  };
  // One after the other: several lanes may stand for the same row, nobody's.
  subtract(0, hn::ConcatLowerLower(d, zw02, xy02));
  subtract(1, hn::ConcatLowerLower(d, zw13, xy13));
  subtract(2, hn::ConcatUpperUpper(d, zw02, xy02));
  subtract(3, hn::ConcatUpperUpper(d, zw13, xy13));
}

#if HWY_MAX_BYTES >= 64

template <class D>
HWY_INLINE Axes<hn::Vec<D>> load_rows(D d, const hn::TFromD<D>* rows, const std::int32_t* row) {
  const auto low = load_four_rows(rows, row), high = load_four_rows(rows, row + 4);
  return {hn::Combine(d, high.x, low.x), hn::Combine(d, high.y, low.y), hn::Combine(d, high.z, low.z)};
}

HWY_INLINE void subtract_from_rows(PairIntegers, std::int64_t* rows, const std::int32_t* row,
                                   const Axes<PairInteger>& t, PairInteger one) {
  const Quad<std::int64_t> half;
  using Half = hn::Vec<Quad<std::int64_t>>;
  const Axes<Half> low{hn::LowerHalf(t.x), hn::LowerHalf(t.y), hn::LowerHalf(t.z)};
  const Axes<Half> high{hn::UpperHalf(half, t.x), hn::UpperHalf(half, t.y), hn::UpperHalf(half, t.z)};
  subtract_from_four_rows(rows, row, low, hn::LowerHalf(one));
  subtract_from_four_rows(rows, row + 4, high, hn::LowerHalf(one));
}

#else

template <class D>
HWY_INLINE Axes<hn::Vec<D>> load_rows(D, const hn::TFromD<D>* rows, const std::int32_t* row) {
  return load_four_rows(rows, row);
}

HWY_INLINE void subtract_from_rows(PairIntegers, std::int64_t* rows, const std::int32_t* row,
                                   const Axes<PairInteger>& t, PairInteger one) {
  subtract_from_four_rows(rows, row, t, one);
}

#endif
#endif

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
