/// The loops over pairs in single precision, of every pair law, compiled once per instruction set and chosen
/// at run time.
///
/// Only the arithmetic of a pair is in single precision. Distances come from whole numbers, exactly; forces
/// become whole numbers by one rounding, and are summed as such: bits depend on order, threads and ranks as
/// little as in double.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

#include "core/fixed_point.hpp"
#include "laws/pair_law.hpp"
#include "shortrange/pair_kernels.hpp"

namespace orrery {

struct MixedPairJob {
  const std::int32_t* position = nullptr;  ///< rows of `MixedRows`
  const float* velocity = nullptr;         ///< the same, for forms that need them
  std::int64_t* force = nullptr;           ///< rows of `PairRows`, in units of `mixed_force_unit`
  PairConstants constants;                 ///< in units of forces and of the grid, see `mixed_constants`
  /// Pairs that are as far apart need no look at their force, see `mixed_range.hpp` [units of the grid]
  double safe_distance = std::numeric_limits<double>::infinity();
};

/// Sums of this many terms fit into 32 bits, and are then added to one of 64.
inline constexpr int mixed_terms = 7;

/// The unit of forces in single precision. @param bound  a force that no pair reaches
inline FixedPoint mixed_force_unit(double bound) {
  constexpr int term_bits = 28;  // 7 2^28 < 2^31
  return {FixedPoint::for_terms_up_to(bound).bits - (FixedPoint::term_bits - term_bits)};
}

/// The numbers of a law as the loops want them, which compute in whole units of positions and forces: that
/// spares two multiplications for each pair.
/// @param grid  of positions
inline PairConstants mixed_constants(const PairLaw& law, FixedPoint grid) {
  return law.constants_in(
      {.length_unit = grid.unit(), .force_unit = mixed_force_unit(law.mixed_force_bound()).unit()});
}

/// The loop of one form of a law.
struct MixedPairKernels {
  std::size_t lanes = 0;  ///< lists are filled up to a multiple of this
  /// Adds to the forces on the particles of a slice those of all their neighbours, which get nothing.
  /// @return whether all were in range
  bool (*forces)(const MixedPairJob&, const NeighbourSlice&) = nullptr;
};

/// @pre law and method are in the table
MixedPairKernels mixed_pair_kernels(std::string_view law, int method);

}  // namespace orrery
