/// The pairs of points that are near each other.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "comm/communicator.hpp"
#include "distances/metric.hpp"
#include "distances/point_set.hpp"

namespace orrery {

/// Takes the next part of a text, on the root.
using TextSink = std::function<void(std::string_view text)>;

/// Lists the pairs i < j with a distance below `distance` as lines "i,j,distance", in ascending order of i
/// and then j: the same text on any ranks and threads. Memory is bounded by some millions of pairs per rank.
/// Collective.
/// @return how many
std::int64_t list_below(const Communicator& ranks, const PointSet& points, Metric metric, double distance,
                        const TextSink& sink);

}  // namespace orrery
