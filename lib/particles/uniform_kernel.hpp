/// Uniform random numbers for many particles at once, compiled once per instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

namespace orrery {

/// What makes a stream of random numbers: numbers of different streams never meet.
struct RandomStream {
  std::uint64_t seed = 0;
  std::uint32_t purpose = 0;
  std::uint32_t draw = 0;  ///< which pair of numbers of an id
};

/// From where to where numbers are drawn, and where to: `out`, shape (count). No `out`, no numbers.
struct UniformColumn {
  double low = 0.0;
  double high = 0.0;
  double* out = nullptr;
};

/// Draws two numbers for each of the ids [first_id, first_id + n) and returns n, the greatest multiple of two
/// registers' lanes up to `count`. They are bit for bit `uniform_number` of the 128 bits that Random123 gives
/// for the same stream and id (tests/unit/particles).
///
/// Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as 1,
/// 2, 3, SC11 (2011).
std::size_t draw_uniform_pairs(const RandomStream& stream, std::uint64_t first_id, std::size_t count,
                               const UniformColumn& first, const UniformColumn& second);

}  // namespace orrery
