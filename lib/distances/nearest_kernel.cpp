#include "distances/tile_kernels.hpp"

#include <algorithm>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "distances/nearest_kernel.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "distances/pair_measure-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// One point's nearest so far.
struct Nearest {
  double distance;
  double raw;
  std::int64_t point;

  /// Takes another one that is nearer.
  /// @param ties_by_number  whether one as near wins by a lower number; it has lost where it comes later
  HWY_INLINE void offer(double other_distance, double other_raw, std::int64_t other, bool ties_by_number) {
    const bool is_nearer =
        other_distance < distance || (ties_by_number && other_distance == distance && other < point);
    if (!is_nearer) return;
    distance = other_distance;
    raw = other_raw;
    point = other;
  }
};

/// Looks through some columns. Every lane keeps a nearest of its own, since only then is there no waiting
/// from register to register. The square root is taken only where the measure before it is less: seldom.
template <class Measure>
HWY_INLINE void look_through(const Measure& measure, std::size_t begin, std::size_t end, Nearest& nearest) {
  constexpr std::size_t most_lanes = HWY_MAX_BYTES / sizeof(double);
  HWY_ALIGN double raws[most_lanes];
  HWY_ALIGN double distances[most_lanes];
  HWY_ALIGN double numbers[most_lanes];
  std::size_t at = begin;
  Real raw = constant(nearest.raw);
  Real distance = constant(nearest.distance);
  Real number = constant(-1.0);
  bool changed = false;
  for (; at + lane_count() <= end; at += lane_count()) {
    const Real other_raw = measure.raw(at);
    if (HWY_LIKELY(hn::AllFalse(Lanes(), hn::Lt(other_raw, raw)))) continue;
    const Real other = Measure::finished(other_raw);
    const Mask nearer = hn::Lt(other, distance);
    distance = hn::IfThenElse(nearer, other, distance);
    raw = hn::IfThenElse(nearer, other_raw, raw);
    number = hn::IfThenElse(nearer, hn::Iota(Lanes(), static_cast<double>(at)), number);
    changed = true;
  }
  if (changed) {
    hn::Store(raw, Lanes(), raws);
    hn::Store(distance, Lanes(), distances);
    hn::Store(number, Lanes(), numbers);
    const Nearest before = nearest;
    for (std::size_t lane = 0; lane < lane_count(); ++lane) {
      if (numbers[lane] < 0.0) continue;
      // What was there before has a lower number than all that comes now.
      const bool ties = nearest.point != before.point;
      nearest.offer(distances[lane], raws[lane], static_cast<std::int64_t>(numbers[lane]), ties);
    }
  }
  if (at == end) return;
  hn::Store(measure.raw(at), Lanes(), raws);
  hn::Store(Measure::finished(measure.raw(at)), Lanes(), distances);
  for (std::size_t lane = 0; lane < end - at; ++lane)
    nearest.offer(distances[lane], raws[lane], static_cast<std::int64_t>(at + lane), false);
}

template <class Measure>
void find_nearest(const PointView& points, const Tile& tile, const NearestFound& found) {
  const auto begin = static_cast<std::size_t>(tile.columns.begin);
  const auto end = static_cast<std::size_t>(tile.columns.end);
  const auto first_row = static_cast<std::size_t>(tile.rows.begin);
  for (std::size_t row = first_row; row < static_cast<std::size_t>(tile.rows.end); ++row) {
    const std::size_t at = row - first_row;
    const Measure measure(points, row);
    Nearest nearest{found.distance[at], found.raw[at], found.point[at]};
    const std::size_t itself = std::clamp(row, begin, end);
    look_through(measure, begin, itself, nearest);
    look_through(measure, std::clamp(row + 1, begin, end), end, nearest);
    found.distance[at] = nearest.distance;
    found.raw[at] = nearest.raw;
    found.point[at] = nearest.point;
  }
}

template <class Measure>
struct NearestOf {
  static NearestKernel entry() { return &find_nearest<Measure>; }
};

const NearestKernel* nearest_table() {
  static const auto table = entries<NearestOf>();
  return table.data();
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(nearest_table);

NearestKernel nearest_kernel(std::size_t variant) {
  return HWY_DYNAMIC_DISPATCH(nearest_table)()[variant];
}

}  // namespace orrery

#endif  // HWY_ONCE
