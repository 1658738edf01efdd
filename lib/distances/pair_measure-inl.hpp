/// The distance of one point from a register of others. Included once per instruction set.
///
/// Plain operations in one fixed order: every instruction set gives the same bits, and the distance of i from
/// j is that of j from i.

#if defined(ORRERY_DISTANCES_PAIR_MEASURE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_DISTANCES_PAIR_MEASURE_INL_HPP
#undef ORRERY_DISTANCES_PAIR_MEASURE_INL_HPP
#else
#define ORRERY_DISTANCES_PAIR_MEASURE_INL_HPP
#endif

#include <array>
#include <cstddef>
#include <utility>

#include "core/vector_lanes-inl.hpp"
#include "distances/metric.hpp"
#include "distances/point_set.hpp"
#include "distances/tile.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// The distances of one point, in two steps: `raw` is all but the square root of the euclidean distance.
template <Metric metric, int axes, bool periodic>
class PairMeasure {
public:
  HWY_INLINE PairMeasure(const PointView& points, std::size_t point)
      : columns_{points.columns[0], points.columns[1], axes == 3 ? points.columns[2] : nullptr},
        x_(constant(points.columns[0][point])),
        y_(constant(points.columns[1][point])),
        z_(constant(axes == 3 ? points.columns[2][point] : 0.0)),
        x_edge_(constant(points.edges[0])),
        y_edge_(constant(points.edges[1])),
        z_edge_(constant(points.edges[2])) {}

  /// Of the points `from`, `from` + 1, ...
  HWY_INLINE Real raw(std::size_t from) const {
    const Real x = apart(columns_[0] + from, x_, x_edge_);
    const Real y = apart(columns_[1] + from, y_, y_edge_);
    if constexpr (axes == 3)
      return joined(joined(part(x), part(y)), part(apart(columns_[2] + from, z_, z_edge_)));
    return joined(part(x), part(y));
  }

  static HWY_INLINE Real finished(Real raw) {
    if constexpr (metric == Metric::euclidean) return hn::Sqrt(raw);
    return raw;
  }

private:
  static constexpr bool squares = metric == Metric::euclidean || metric == Metric::squared;

  /// Along one axis; the sign is lost where it does not matter.
  static HWY_INLINE Real apart(const double* column, Real origin, Real edge) {
    const Real difference = hn::Sub(hn::LoadU(Lanes(), column), origin);
    if constexpr (!periodic) return squares ? difference : hn::Abs(difference);
    // The nearest image: coordinates are in [0, edge), so there are two to choose from.
    const Real distance = hn::Abs(difference);
    return hn::Min(distance, hn::Sub(edge, distance));
  }
  static HWY_INLINE Real part(Real difference) {
    return squares ? hn::Mul(difference, difference) : difference;
  }
  static HWY_INLINE Real joined(Real a, Real b) {
    return metric == Metric::chebyshev ? hn::Max(a, b) : hn::Add(a, b);
  }

  std::array<const double*, 3> columns_;
  Real x_, y_, z_;
  Real x_edge_, y_edge_, z_edge_;
};

template <std::size_t variant>
using MeasureOfVariant = PairMeasure<static_cast<Metric>(variant / 4), 2 + variant / 2 % 2, variant % 2 == 1>;

/// One entry for each variant, in the order of `kernel_index`: what `Kernels<Measure>::entry()` gives.
template <template <class> class Kernels, std::size_t... variants>
auto entries_of(std::index_sequence<variants...>) {
  return std::array{Kernels<MeasureOfVariant<variants>>::entry()...};
}
template <template <class> class Kernels>
auto entries() {
  return entries_of<Kernels>(std::make_index_sequence<kernel_variants>());
}

/// The first column of a tile that counts for a row.
HWY_INLINE std::size_t first_column(const Tile& tile, std::size_t row) {
  const auto begin = static_cast<std::size_t>(tile.columns.begin);
  return tile.above_diagonal && row + 1 > begin ? row + 1 : begin;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
