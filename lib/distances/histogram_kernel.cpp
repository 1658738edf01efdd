#include "distances/tile_kernels.hpp"

#include <algorithm>

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

/// Writes the bins of a register. What is in doubt is looked up.
HWY_INLINE void choose_bins(const HistogramBins& bins, Real distances, Real scale, Real beyond,
                            std::int32_t* chosen) {
  using Integers = hn::Rebind<std::int32_t, Lanes>;
  const Real guess = hn::Mul(distances, scale);
  const Real off_edge = hn::Abs(hn::Sub(guess, hn::Round(guess)));
  hn::StoreU(hn::DemoteTo(Integers(), hn::Min(guess, beyond)), Integers(), chosen);
  if (HWY_LIKELY(hn::AllFalse(Lanes(), hn::Lt(off_edge, constant(doubt))))) return;
  HWY_ALIGN double lanes[HWY_MAX_BYTES / sizeof(double)];
  hn::Store(distances, Lanes(), lanes);
  for (std::size_t lane = 0; lane < lane_count(); ++lane)
    chosen[lane] = static_cast<std::int32_t>(bins.bin_of(lanes[lane]));
}

/// Neighbours often meet in one bin, and an increment has to wait for the one before: they have copies of
/// their own.
HWY_INLINE void count_chosen(const std::int32_t* chosen, std::size_t count, std::size_t stride,
                             std::uint32_t* counts) {
  std::size_t at = 0;
  for (; at + histogram_copies <= count; at += histogram_copies) {
    for (std::size_t copy = 0; copy < histogram_copies; ++copy)
      ++counts[copy * stride + static_cast<std::uint32_t>(chosen[at + copy])];
  }
  for (; at < count; ++at) ++counts[static_cast<std::uint32_t>(chosen[at])];
}

template <class Measure>
void histogram(const PointView& points, const Tile& tile, const HistogramBins& bins, std::uint32_t* counts) {
  const Real scale = constant(bins.scale());
  const Real beyond = constant(static_cast<double>(bins.bins()));
  constexpr std::size_t at_once = 512;
  HWY_ALIGN std::int32_t chosen[at_once + HWY_MAX_BYTES / sizeof(std::int32_t)];
  const auto end = static_cast<std::size_t>(tile.columns.end);
  for (auto row = static_cast<std::size_t>(tile.rows.begin); row < static_cast<std::size_t>(tile.rows.end);
       ++row) {
    const Measure measure(points, row);
    for (std::size_t first = first_column(tile, row); first < end; first += at_once) {
      const std::size_t count = std::min(at_once, end - first);
      for (std::size_t at = 0; at < count; at += lane_count())
        choose_bins(bins, Measure::finished(measure.raw(first + at)), scale, beyond, chosen + at);
      count_chosen(chosen, count, bins.stride(), counts);
    }
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
