/// A picture of particles in text: the more of them in a cell, the darker its character.
#pragma once

#include <string>
#include <vector>

#include "inspect/position_sample.hpp"

namespace orrery {

/// What a picture shows of the plane [length].
struct Extent {
  double left = 0.0, right = 0.0, bottom = 0.0, top = 0.0;

  bool holds(const PositionSample& sample) const;
};

/// The extent of a sample with a little room around it; never without width or height.
Extent extent_of(const PositionSample& sample);

/// Characters of a picture.
struct PictureSize {
  int columns = 0, rows = 0;
};

/// The largest picture of an extent within given limits, for characters twice as high as wide.
PictureSize picture_size(const Extent& extent, PictureSize most);

/// The picture, top line first, without a frame. Particles outside of the extent are left out.
/// @param use_blocks  shades of Unicode instead of ASCII
std::vector<std::string> density_lines(const PositionSample& sample, const Extent& extent, PictureSize size,
                                       bool use_blocks);

}  // namespace orrery
