/// Where some of the particles of a frame are.
#pragma once

#include <cstdint>
#include <vector>

#include "io/trajectory_reader.hpp"

namespace orrery {

struct PositionSample {
  std::int64_t particles = 0;  ///< of the frame, shown or not
  std::vector<double> x, y;    ///< of those that were read and are finite [length]
  std::int64_t not_finite = 0;
};

/// Reads positions of at most `most` particles, in stretches spread evenly over the rows: time and memory do
/// not grow with the number of particles. In one dimension y is 0. Local.
/// @throws Error (input_data)
PositionSample sample_positions(const TrajectoryReader& file, std::int64_t frame, std::int64_t most);

}  // namespace orrery
