/// Rows of three numbers from columns, compiled once per instruction set.
#pragma once

#include <cstddef>

namespace orrery {

/// Columns of `count` numbers each; no z stands for zeros.
struct ThreeColumns {
  const double* x = nullptr;
  const double* y = nullptr;
  const double* z = nullptr;
};

/// Writes x, y, z of every row one after the other, rounded to the target's precision.
/// @param rows  shape (count, 3)
/// @return whether all numbers are finite in the target's precision
bool interleave(const ThreeColumns& columns, std::size_t count, double* rows);
bool interleave(const ThreeColumns& columns, std::size_t count, float* rows);

}  // namespace orrery
