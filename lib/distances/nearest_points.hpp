/// The nearest other point of every point.
#pragma once

#include <cstdint>
#include <vector>

#include "comm/communicator.hpp"
#include "distances/metric.hpp"
#include "distances/point_set.hpp"

namespace orrery {

struct NearestPoints {
  std::vector<std::int64_t> point;  ///< of equal distances the lowest number; -1 for a point that is alone
  std::vector<double> distance;     ///< infinite for a point that is alone
};

/// Collective. @return on the root, shape (points); elsewhere empty
NearestPoints find_nearest_points(const Communicator& ranks, const PointSet& points, Metric metric);

}  // namespace orrery
