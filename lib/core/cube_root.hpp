/// A cube root that is the same bits on every processor, which the C library's is not.
#pragma once

#include <cmath>

namespace orrery {

/// The cube root, to half a unit in the last place and a little; exact where the root is a double and short
/// enough. @pre x is finite and above 0
inline double cube_root(double x) {
  int exponent = 0;
  double fraction = std::frexp(x, &exponent);
  while (exponent % 3 != 0) {
    fraction *= 2;
    --exponent;
  }
  // Newton's steps, from 7 % off at most in [1/2, 4).
  double y = 0.7 + 0.25 * fraction;
  for (int step = 0; step < 6; ++step) y = (2.0 * y + fraction / (y * y)) / 3.0;
  // One more with the exact remainder fraction - y^3, as far as a double holds it.
  const double square = y * y;
  const double square_rest = std::fma(y, y, -square);
  const double cube = square * y;
  const double cube_rest = std::fma(square, y, -cube) + square_rest * y;
  y += ((fraction - cube) - cube_rest) / (3.0 * square);
  return std::ldexp(y, exponent / 3);
}

}  // namespace orrery
