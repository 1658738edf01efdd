/// Velocities at a temperature with no momentum, drawn by any ranks for any particles of theirs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/exact_sum.hpp"
#include "core/types.hpp"

namespace orrery {

/// Draws velocities for some of the particles of a run, in steps; between them the caller adds up sums over
/// all particles. As sums are exact, the velocities are the same bits however particles are split:
///
///     draw();
///     remove_mean(sum over ranks of momentum());
///     scale(sum over ranks of kinetic(), temperature, mass);
///     remove_remainder(sum over ranks of momentum());
///
/// Every component is first the sum of twelve uniform numbers less six (Irwin and Hall: J. O. Irwin,
/// Biometrika 19, 225 (1927); P. Hall, ibid. 240), made of 32 random bits each and exact: mean 0, variance 1
/// - 2^-64, no skewness, kurtosis 2.9 where the Maxwell distribution has 3, no value beyond 6. It needs no
/// function of the C library, and what differs from Maxwell's distribution collisions even out.
///
/// At the end velocities are whole multiples of the grid's unit 2^-g, their sum is exactly zero on each axis,
/// and the kinetic energy is (d N - d)/2 T but for roundings to the grid: relative error some sqrt(1/(d N))
/// 2^-g / sqrt(T / m), and below 1e-14.
class InitialVelocities {
public:
  /// @param seed       with the id, all that numbers are drawn from
  /// @param count      particles of the whole run; their ids are 0, ..., count - 1
  /// @param ids        those of some particles, in any order
  /// @param columns    where the velocities of these go, one column for each of 2 or 3 axes, all of the ids'
  /// length;
  ///                   they have to stay until the end
  /// @param grid_bits  g; any velocity has to be below 2^(51 - g)
  InitialVelocities(std::uint64_t seed, std::int64_t count, std::span<const ParticleId> ids,
                    std::vector<std::span<double>> columns, int grid_bits);

  /// Draws numbers of variance 1.
  void draw();

  /// Sum of the velocities along each axis; the third is empty in the plane. All masses are the same, so this
  /// over all particles is zero where their momentum is.
  std::array<ExactSum, 3> momentum() const;

  /// Takes the mean off. @param total  `momentum` of all particles
  void remove_mean(const std::array<ExactSum, 3>& total);

  /// Sum of the squares of the velocities: of particles of mass 2, the kinetic energy.
  ExactSum kinetic() const;

  /// Brings the velocities to a temperature [energy], and to the grid. One particle is at rest.
  /// @param total  `kinetic` of all particles
  /// @throws OptionConflict where the grid is too coarse or too narrow for the temperature; on all ranks
  /// alike
  void scale(const ExactSum& total, double temperature, double mass);

  /// Takes what rounding left of the momentum off the particles with the lowest ids, a unit of the grid from
  /// each; in the rare case that there are more units than particles, off all of them first.
  /// @param total  `momentum` of all particles
  void remove_remainder(const std::array<ExactSum, 3>& total);

private:
  std::uint64_t seed_;
  std::int64_t count_;
  std::span<const ParticleId> ids_;
  std::vector<std::span<double>> columns_;
  int grid_bits_;
};

}  // namespace orrery
