/// Newton's equations by the velocity Verlet scheme, on a grid.
///
///   u <- u + a dt^2 / 2,   x <- x + u,   u <- u + a' dt^2 / 2     with u = v dt, the displacement per step
///
/// Positions and displacements are multiples of powers of two, to which every change is rounded before it is
/// added. Additions are then exact, and undone by subtractions: with all velocities reversed, a run goes back
/// the way it came, bit for bit. Source: D. Levesque, L. Verlet, J. Stat. Phys. 72 (1993) 519; H. Rein, D.
/// Tamayo, MNRAS 473 (2018) 3351.
#pragma once

#include <array>
#include <cstdint>

#include "core/types.hpp"

namespace orrery {

struct VerletConstants {
  double displacement_magic = 0.0;  ///< of the displacement's grid, see `round_to_grid`
  double position_magic = 0.0;      ///< of the position's grid
  std::uint64_t force_bias = 0;     ///< of the force's fixed point
  double most_displacement = 0.0;   ///< per step [length]; more is an error
  std::array<double, 3> walls{};    ///< where particles are thrown back, beside 0 [length]; 0: nowhere
  /// Where rests are carried, see `axis_motion.hpp`: the unit of positions [length], and the grid of the
  /// rests of displacements.
  double position_unit = 0.0, rest_magic = 0.0;
  double half_step2 = 0.0;  ///< dt^2 / 2 [time^2], by which accelerations are displacements
};

/// Rests of a row: of x, y and z, and of the displacements along them.
inline constexpr std::size_t rests_of_row = 6;
inline constexpr std::size_t displacement_rests = 3;  ///< where those of the displacements begin

/// Rows of four numbers, as `PairRows` has them.
struct VerletRows {
  double* position = nullptr;
  double* displacement = nullptr;  ///< the fourth number is the particle's half kick, see `MassTable`
  const std::int64_t* force = nullptr;
  const double* reference = nullptr;      ///< where particles were at some time before
  const std::int32_t* species = nullptr;  ///< shape (rows); null: all are of the first
  double* rest = nullptr;                 ///< shape (rows, `rests_of_row`); null where rests are not carried
  /// By fields, beside that by `force` [length / time^2], shape (rows, 3); null where there are none.
  const double* acceleration = nullptr;

  std::size_t species_of(std::size_t row) const {
    return species == nullptr ? 0 : static_cast<std::size_t>(species[row]);
  }
};

/// How far particles are from their references, and whether all is well.
struct Drift {
  double most2 = 0.0;  ///< greatest square of the distance [length^2]
  bool in_range =
      true;  ///< whether every displacement was below its bound; also false for what is not a number

  void merge(const Drift& other) {
    most2 = other.most2 > most2 ? other.most2 : most2;
    in_range = in_range && other.in_range;
  }
};

/// Kicks by some half steps' worth of the forces, and drifts by one step. Local; the calling thread alone.
Drift kick_and_drift(const VerletRows& rows, const VerletConstants& constants, Range range, int half_kicks);

/// Kicks by half a step's worth of the forces. @return whether every displacement was below its bound
bool kick(const VerletRows& rows, const VerletConstants& constants, Range range);

}  // namespace orrery
