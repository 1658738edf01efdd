#include "distances/pair_kernels.hpp"

#include <array>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "distances/histogram_kernel.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "distances/pair_measure-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// How near to an edge, in bins, a guess is in doubt: it is off by a few parts in 2^53 of the number of bins.
constexpr double doubt = 1e-9;

HWY_INLINE void count_one_by_one(const HistogramBins& bins, Real distances, std::size_t count,
                                 std::uint32_t* counts) {
  HWY_ALIGN double lanes[HWY_MAX_BYTES / sizeof(double)];
  hn::Store(distances, Lanes(), lanes);
  for (std::size_t lane = 0; lane < count; ++lane) ++counts[bins.bin_of(lanes[lane])];
}

/// Neighbouring lanes often meet in one bin, and an increment has to wait for the one before: each lane has
/// one of several copies.
HWY_INLINE void count_register(Real guess, Real beyond,
                               const std::array<std::uint32_t*, histogram_copies>& copies) {
  using Integers = hn::Rebind<std::int32_t, Lanes>;
  HWY_ALIGN std::int32_t chosen[HWY_MAX_BYTES / sizeof(std::int32_t)];
  hn::StoreU(hn::DemoteTo(Integers(), hn::Min(guess, beyond)), Integers(), chosen);
  for (std::size_t lane = 0; lane < lane_count(); ++lane)
    ++copies[lane % histogram_copies][static_cast<std::uint32_t>(chosen[lane])];
}

template <class Measure>
void histogram(const PointView& points, const Tile& tile, const HistogramBins& bins, std::uint32_t* counts) {
  const Real scale = constant(bins.scale());
  const Real beyond = constant(static_cast<double>(bins.bins()));
  std::array<std::uint32_t*, histogram_copies> copies{};
  for (std::size_t copy = 0; copy < histogram_copies; ++copy) copies[copy] = counts + copy * bins.stride();
  const auto end = static_cast<std::size_t>(tile.columns.end);
  for (auto row = static_cast<std::size_t>(tile.rows.begin); row < static_cast<std::size_t>(tile.rows.end);
       ++row) {
    const Measure measure(points, row);
    std::size_t at = first_column(tile, row);
    for (; at + lane_count() <= end; at += lane_count()) {
      const Real distances = Measure::finished(measure.raw(at));
      const Real guess = hn::Mul(distances, scale);
      const Real off_edge = hn::Abs(hn::Sub(guess, hn::Round(guess)));
      if (HWY_UNLIKELY(!hn::AllFalse(Lanes(), hn::Lt(off_edge, constant(doubt))))) {
        count_one_by_one(bins, distances, lane_count(), counts);
      } else {
        count_register(guess, beyond, copies);
      }
    }
    if (at < end) count_one_by_one(bins, Measure::finished(measure.raw(at)), end - at, counts);
  }
}

template <class Measure>
struct Histogram {
  static HistogramKernel entry() { return &histogram<Measure>; }
};

const HistogramKernel* histogram_table() {
  static const auto table = entries<Histogram>();
  return table.data();
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(histogram_table);

HistogramKernel histogram_kernel(std::size_t variant) {
  return HWY_DYNAMIC_DISPATCH(histogram_table)()[variant];
}

}  // namespace orrery

#endif  // HWY_ONCE
