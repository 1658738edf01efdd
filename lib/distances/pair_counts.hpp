/// Counts over all pairs of points, without the matrix. Exact, and the same on any ranks and threads.
#pragma once

#include <cstdint>
#include <vector>

#include "comm/communicator.hpp"
#include "distances/histogram_bins.hpp"
#include "distances/metric.hpp"
#include "distances/point_set.hpp"

namespace orrery {

/// Pairs i < j in each bin, and at last those beyond. Collective; the same on every rank.
/// @return shape (bins.stride())
std::vector<std::int64_t> count_in_bins(const Communicator& ranks, const PointSet& points, Metric metric,
                                        const HistogramBins& bins);

/// Pairs i < j with a distance below `distance`. Collective; the same on every rank.
std::int64_t count_below(const Communicator& ranks, const PointSet& points, Metric metric, double distance);

}  // namespace orrery
