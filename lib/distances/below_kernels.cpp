#include "distances/tile_kernels.hpp"

#include <algorithm>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "distances/below_kernels.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "distances/pair_measure-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// The first lanes of a register.
HWY_INLINE Mask first_lanes(std::size_t count) {
  return hn::FirstN(Lanes(), count);
}

template <class Measure>
std::int64_t count_below(const PointView& points, const Tile& tile, double raw) {
  const Real limit = constant(raw);
  const auto end = static_cast<std::size_t>(tile.columns.end);
  std::size_t found = 0;
  for (auto row = static_cast<std::size_t>(tile.rows.begin); row < static_cast<std::size_t>(tile.rows.end);
       ++row) {
    const Measure measure(points, row);
    std::size_t at = first_column(tile, row);
    for (; at + lane_count() <= end; at += lane_count())
      found += hn::CountTrue(Lanes(), hn::Lt(measure.raw(at), limit));
    if (at < end)
      found += hn::CountTrue(Lanes(), hn::And(hn::Lt(measure.raw(at), limit), first_lanes(end - at)));
  }
  return static_cast<std::int64_t>(found);
}

template <class Measure>
std::size_t find_below(const PointView& points, const Tile& tile, std::size_t row, double raw,
                       std::int64_t* columns, double* distances) {
  const Real limit = constant(raw);
  const Measure measure(points, row);
  const auto end = static_cast<std::size_t>(tile.columns.end);
  std::size_t found = 0;
  for (std::size_t at = first_column(tile, row); at < end; at += lane_count()) {
    const Real measured = measure.raw(at);
    if (hn::AllFalse(Lanes(), hn::Lt(measured, limit))) continue;
    HWY_ALIGN double raws[HWY_MAX_BYTES / sizeof(double)];
    HWY_ALIGN double lanes[HWY_MAX_BYTES / sizeof(double)];
    hn::Store(measured, Lanes(), raws);
    hn::Store(Measure::finished(measured), Lanes(), lanes);
    for (std::size_t lane = 0; lane < std::min(lane_count(), end - at); ++lane) {
      if (!(raws[lane] < raw)) continue;
      columns[found] = static_cast<std::int64_t>(at + lane);
      distances[found++] = lanes[lane];
    }
  }
  return found;
}

template <class Measure>
struct Below {
  static BelowKernels entry() { return {.count = &count_below<Measure>, .find = &find_below<Measure>}; }
};

const BelowKernels* below_table() {
  static const auto table = entries<Below>();
  return table.data();
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(below_table);

const BelowKernels& below_kernels(std::size_t variant) {
  return HWY_DYNAMIC_DISPATCH(below_table)()[variant];
}

}  // namespace orrery

#endif  // HWY_ONCE
