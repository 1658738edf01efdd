/// Points from a file.
#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "distances/distance_options.hpp"
#include "distances/point_set.hpp"

namespace orrery {

/// Points as they stand in a file, and the box that they are in.
struct PointFile {
  std::vector<std::vector<double>> columns;  ///< shape (axes, points), in the order of the file
  std::vector<double> edges;                 ///< shape (axes), 0 where not periodic; empty without a box
  std::string origin;                        ///< for people: the file, and the frame
};

/// Reads and checks the file that the options name. Local.
/// @throws Error (input_data) for what is wrong with the file, (usage) for a box or frame that does not fit
/// it
PointFile read_point_file(const DistanceOptions& options);

/// Gives the root's points to all ranks. Collective.
void push_points(const Communicator& ranks, PointFile& points);

}  // namespace orrery
