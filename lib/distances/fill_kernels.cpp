#include "distances/tile_kernels.hpp"

#include <cstring>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "distances/fill_kernels.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include <hwy/cache_control.h>

#include "distances/pair_measure-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Distances of a register, on their way to memory.
template <class Number>
struct Writer;

template <>
struct Writer<double> {
  static HWY_INLINE void store(Real numbers, double* to) { hn::StoreU(numbers, Lanes(), to); }
  static HWY_INLINE void stream(Real numbers, double* to) { hn::Stream(numbers, Lanes(), to); }
};

template <>
struct Writer<float> {
  using Half = hn::Rebind<float, Lanes>;
  static HWY_INLINE void store(Real numbers, float* to) {
    hn::StoreU(hn::DemoteTo(Half(), numbers), Half(), to);
  }
  static HWY_INLINE void stream(Real numbers, float* to) {
    // Narrower stores past the caches would write more than the numbers.
    if constexpr (HWY_MAX_BYTES >= 32) {
      hn::Stream(hn::DemoteTo(Half(), numbers), Half(), to);
    } else {
      store(numbers, to);
    }
  }
};

template <class Measure, bool streamed, class Number>
HWY_INLINE void fill_row(const Measure& measure, Range columns, Number* out) {
  const auto begin = static_cast<std::size_t>(columns.begin);
  const auto count = static_cast<std::size_t>(columns.size());
  std::size_t at = 0;
  for (; at + lane_count() <= count; at += lane_count()) {
    const Real distances = Measure::finished(measure.raw(begin + at));
    if constexpr (streamed) {
      Writer<Number>::stream(distances, out + at);
    } else {
      Writer<Number>::store(distances, out + at);
    }
  }
  if (at == count) return;
  HWY_ALIGN Number rest[HWY_MAX_BYTES / sizeof(Number)];
  Writer<Number>::store(Measure::finished(measure.raw(begin + at)), rest);
  std::memcpy(out + at, rest, (count - at) * sizeof(Number));
}

template <class Measure, class Number>
void fill(const PointView& points, const Tile& tile, Number* out, std::size_t stride, Storing storing) {
  for (std::int64_t row = tile.rows.begin; row < tile.rows.end; ++row, out += stride) {
    const Measure measure(points, static_cast<std::size_t>(row));
    if (storing == Storing::streamed) {
      fill_row<Measure, true>(measure, tile.columns, out);
    } else {
      fill_row<Measure, false>(measure, tile.columns, out);
    }
  }
  if (storing == Storing::streamed) hwy::FlushStream();
}

template <class Measure>
struct Fill {
  static FillKernels entry() { return {.doubles = &fill<Measure, double>, .singles = &fill<Measure, float>}; }
};

const FillKernels* fill_table() {
  static const auto table = entries<Fill>();
  return table.data();
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(fill_table);

const FillKernels& fill_kernels(std::size_t variant) {
  return HWY_DYNAMIC_DISPATCH(fill_table)()[variant];
}

}  // namespace orrery

#endif  // HWY_ONCE
