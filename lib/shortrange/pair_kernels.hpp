/// The loops over pairs of every pair law, compiled once per instruction set and chosen at run time.
///
/// A component of a force becomes an integer by a multiplication and an addition: t = f dx + magic, whose
/// bits are those of the magic (`FixedPoint`) plus the rounded number. Bits are summed as they are, biases
/// and all; they come out as a multiple of the magic's bits, which is subtracted once. How many there are is
/// counted in the fourth number of the force row.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/fixed_point.hpp"
#include "core/types.hpp"
#include "laws/pair_law.hpp"

namespace orrery {

/// Whose neighbours are whose. Neighbours of particle i stand in `neighbours` from `begin[i]`, by the places
/// where their rows begin (`PairRows::place`), which spares the loops a shift for each: first
/// `two_sided[i]` that feel the force too, and then up to `begin[i + 1]` others that are in another's
/// charge. Both counts are multiples of the kernels' lanes, filled up with a padding row.
struct NeighbourSlice {
  Range particles;
  const std::int64_t* begin = nullptr;      ///< at [i - particles.begin]
  const std::int32_t* two_sided = nullptr;  ///< at [i - particles.begin]
  const std::int32_t* neighbours = nullptr;
};

/// Velocities, as displacements per step.
struct PairVelocities {
  const double* displacement = nullptr;  ///< for every row of positions one, likewise aligned [length]
  double steps_per_time = 0.0;           ///< [1 / time]
};

/// @tparam Number  that sums of forces are
template <class Number>
struct PairJobOf {
  const double* position = nullptr;  ///< rows of `PairRows`
  Number* force = nullptr;
  PairConstants constants;
  FixedPoint force_unit;
  FixedPoint energy_unit;
  PairVelocities velocities{};  ///< for forms that need them
};
using PairJob = PairJobOf<std::int64_t>;

/// What a loop over pairs comes to beside forces. Each pair counts twice, once for either particle, so that
/// pairs whose particles are in different hands come out whole.
struct PairTotals {
  __extension__ using Wide = __int128;
  Wide energy = 0;       ///< twice the energy, in units of the energy's fixed point
  Wide virial = 0;       ///< twice the sum of force times distance, likewise
  bool in_range = true;  ///< whether every number was below its bound

  void merge(const PairTotals& other) {
    energy += other.energy;
    virial += other.virial;
    in_range = in_range && other.in_range;
  }
};

/// The loops of one form of a law.
struct PairKernels {
  /// Neighbours in a register: lists are filled up to a multiple of this.
  std::size_t lanes = 0;
  bool needs_velocities = false;
  /// Adds the forces between the particles of a slice and their neighbours. @return whether all were in range
  bool (*forces)(const PairJob&, const NeighbourSlice&) = nullptr;
  /// The same, and energy and virial.
  PairTotals (*forces_and_totals)(const PairJob&, const NeighbourSlice&) = nullptr;
};

/// Most forms that a law may have, and the loops of each.
inline constexpr std::size_t most_forms = 4;
using FormKernels = std::array<PairKernels, most_forms>;

/// The loops of a form of a law, for the instruction set in use. @pre law and method are in the table
PairKernels pair_kernels(std::string_view law, int method);

}  // namespace orrery
