/// Points as the kernels want them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "core/aligned_vector.hpp"
#include "core/types.hpp"
#include "distances/metric.hpp"

namespace orrery {

/// What a kernel sees of the points. Whole registers may be read from any point on: columns are padded.
struct PointView {
  std::array<const double*, 3> columns{};  ///< [length]
  /// Edges of the periodic box [length], infinite along axes that are not periodic. Coordinates are in
  /// [0, edge).
  std::array<double, 3> edges{};
};

/// All points, the same on every rank.
class PointSet {
public:
  /// @param columns  coordinates [length], shape (axes, points), 1 to 3 axes; all finite
  /// @param edges    of the periodic box, shape (axes), or empty; 0 along axes that are not periodic.
  ///                 Coordinates are folded into [0, edge).
  PointSet(std::vector<std::vector<double>> columns, std::vector<double> edges);

  std::int64_t size() const { return size_; }
  /// Axes that the kernels look at: 2 or 3. A third axis on which all points agree adds nothing to any
  /// distance, not even a bit, and is left out.
  int axes() const { return axes_; }
  bool periodic() const { return periodic_; }
  /// Edges as given, with 0 where not periodic; shape (axes()).
  std::vector<double> edges() const;
  PointView view() const;
  std::size_t kernel_variant(Metric metric) const { return kernel_index(metric, axes_, periodic_); }

  /// No distance between any two points is above this; infinite when double has no number for it.
  double greatest_possible(Metric metric) const;

  /// Coordinates point by point, folded, shape (size, axes()).
  std::vector<double> interleaved() const;

private:
  std::int64_t size_ = 0;
  int axes_ = 2;
  bool periodic_ = false;
  std::array<AlignedVector<double>, 3> columns_;
  std::array<double, 3> edges_{};
};

/// A metric's value before the square root that the euclidean one ends with. Kernels compare these where they
/// can, and have the same order. Here: least value whose distance is `distance` or more.
double least_raw_reaching(Metric metric, double distance);

}  // namespace orrery
