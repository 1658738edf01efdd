/// Finds who is near a place, among candidates in a row; compiled once per instruction set.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/aligned_vector.hpp"
#include "core/types.hpp"

namespace orrery {

/// Coordinates of particles, axis by axis [length].
struct SearchColumns {
  const double* x = nullptr;
  const double* y = nullptr;
  const double* z = nullptr;
};

/// Most entries that a search reads or writes past those it counts.
inline constexpr std::size_t search_slack = 16;

/// Who may be near the particles of a cell: their distances from some place in the middle, which single
/// precision holds well enough (see `widened_reach2`), and their rows.
class Candidates {
public:
  void clear() { count_ = 0; }
  std::size_t count() const { return count_; }

  /// Appends the particles `range` of some columns.
  /// @param rows       shape (range.end): row of each; null: `first_row` and on, from column entry 0
  /// @param first_row  added to all rows
  void append(const SearchColumns& columns, Range range, const std::int32_t* rows, std::int32_t first_row,
              const Vec3& middle);

  /// Fills up the registers with somebody who is near to nobody. After the last `append`.
  void close();

  /// Writes the rows of all candidates from the one numbered `begin` on that are nearer to `place` than the
  /// square root of `reach2`, in order. @return how many there are
  /// @param found  room for all from `begin` on and `search_slack` more
  std::size_t find(std::size_t begin, const std::array<float, 3>& place, float reach2,
                   std::int32_t* found) const;

  /// The same for all candidates but one, and the place of that one.
  std::size_t find_others(std::size_t than, float reach2, std::int32_t* found);

  /// Distance of a candidate from the middle.
  std::array<float, 3> place(std::size_t candidate) const {
    return {x_[candidate], y_[candidate], z_[candidate]};
  }

private:
  std::size_t count_ = 0;
  AlignedVector<float> x_, y_, z_;
  AlignedVector<std::int32_t> row_;
};

/// A square of a distance within which all are found that are within `reach`, in spite of roundings.
/// @param extent  the most that coordinates of candidates and middle differ [length]
float widened_reach2(double reach, double extent);

}  // namespace orrery
