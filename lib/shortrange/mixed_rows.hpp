/// What the pair loop in single precision knows of particles: positions as whole numbers of 32 bits, and
/// velocities where they matter.
///
/// Differences of whole numbers are exact, whatever period of the box they were seen from, and become numbers
/// of single precision by one rounding. Whole numbers go round at 2^32: only differences mean something, and
/// those of pairs within reach are far shorter.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/aligned_vector.hpp"
#include "core/fixed_point.hpp"
#include "core/types.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

/// Coordinates are between -2^30 and 2^31 units of their grid, and padding rows in the middle of the rest.
inline constexpr int mixed_coordinate_bits = 30;
inline constexpr std::int32_t mixed_padding = -(3 << 29);

class MixedRows {
public:
  /// @param grid  that positions are rounded to; periods of the box are even multiples of its unit, so that
  ///              rounding, ties to even, is the same in every period
  explicit MixedRows(FixedPoint grid) : grid_(grid) {}

  FixedPoint grid() const { return grid_; }

  /// Makes room for all rows, and puts padding beyond all others.
  void resize(const PairRows& rows, bool with_velocities);
  /// Rounds some rows. Local; the calling thread alone.
  void round(const PairRows& rows, const PairVelocities& velocities, Range range);

  /// x, y, z and a number without meaning, shape (rows, 4) [units of the grid].
  const std::int32_t* position() const { return position_.data(); }
  /// The same of velocities [length / time].
  const float* velocity() const { return velocity_.data(); }
  std::size_t bytes() const {
    return position_.capacity() * sizeof(std::int32_t) + velocity_.capacity() * sizeof(float);
  }

private:
  FixedPoint grid_;
  AlignedVector<std::int32_t> position_;
  AlignedVector<float> velocity_;
};

}  // namespace orrery
