/// Positions as whole numbers of 32 bits, for the pair loop in single precision.
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
#include "shortrange/pair_rows.hpp"

namespace orrery {

class GridPositions {
public:
  /// @param grid  that positions are rounded to; periods of the box are even multiples of its unit, so that
  ///              rounding, ties to even, is the same in every period
  explicit GridPositions(FixedPoint grid) : grid_(grid) {}

  FixedPoint grid() const { return grid_; }

  /// Makes room for all rows, and puts those that stand for nobody beyond all others.
  void resize(const PairRows& rows);
  /// Rounds the positions of some rows. Local; the calling thread alone.
  void round(const PairRows& rows, Range range);

  /// x, y, z and a number without meaning, shape (rows, 4).
  const std::int32_t* row(std::size_t number) const { return row_.data() + PairRows::width * number; }
  std::size_t bytes() const { return row_.capacity() * sizeof(std::int32_t); }

private:
  FixedPoint grid_;
  AlignedVector<std::int32_t> row_;
};

/// The grid for a box, and how far particles may go.
struct GridRange {
  /// Coordinates are between -2^30 and 2^31 units, and rows for nobody in the middle of the rest.
  static constexpr int bits = 30;
  static constexpr std::int32_t nobody = -(3 << 29);
};

}  // namespace orrery
