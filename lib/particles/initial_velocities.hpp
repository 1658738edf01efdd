/// Velocities at a temperature with no momentum, drawn by any ranks for any particles of theirs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/exact_sum.hpp"
#include "core/types.hpp"
#include "particles/degrees_of_freedom.hpp"
#include "particles/mixture.hpp"

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
/// Particles of several species are drawn alike, and each is then divided by the root of its mass. What is
/// said of sums below is then said of momenta and energies by mass.
///
/// At the end velocities are whole multiples of the grid's unit 2^-g, their sum is exactly zero on each axis
/// without walls, and the kinetic energy is T/2 for each of the `degrees_of_freedom`, (d N - d)/2 T without
/// walls, but for roundings to the grid: relative error some sqrt(1/(d N)) 2^-g / sqrt(T / m), and below
/// 1e-14. Along an axis with walls nothing keeps the momentum, so that it stays as drawn. Where masses
/// differ, multiples of the grid's unit seldom cancel: the momentum is then at most half a unit of the
/// lightest species, on each axis without walls.
class InitialVelocities {
public:
  /// @param seed       with the id, all that numbers are drawn from
  /// @param count      particles of the whole run; their ids are 0, ..., count - 1
  /// @param ids        those of some particles, in any order
  /// @param columns    where the velocities of these go, one column for each of 2 or 3 axes, all of the ids'
  /// length;
  ///                   they have to stay until the end
  /// @param grid_bits  g; any velocity has to be below 2^(51 - g)
  /// @param boundary   says where there are walls
  /// @param fields     axes along which fields act, which take and give momentum as walls do
  InitialVelocities(std::uint64_t seed, std::int64_t count, std::span<const ParticleId> ids,
                    std::vector<std::span<double>> columns, int grid_bits, const Boundaries& boundary = {},
                    const AxisSet& fields = {});

  /// The same for particles of several species.
  /// @param mixture  what species they are of; has to stay until the end
  /// @param masses   of the species, all above 0
  InitialVelocities(std::uint64_t seed, std::int64_t count, std::span<const ParticleId> ids,
                    std::vector<std::span<double>> columns, int grid_bits, const Mixture& mixture,
                    std::span<const double> masses, const Boundaries& boundary = {},
                    const AxisSet& fields = {});

  /// Draws numbers of variance 1, over the root of the mass.
  void draw();

  /// Sum of the velocities along each axis; the third is empty in the plane. Where all masses are the same,
  /// this over all particles is zero where their momentum is. Of several species, the momentum.
  std::array<ExactSum, 3> momentum() const;

  /// Takes the velocity of the centre of mass off, where it stays. @param total  `momentum` of all particles
  void remove_mean(const std::array<ExactSum, 3>& total);

  /// Sum of the squares of the velocities: of particles of mass 2, the kinetic energy. Of several species,
  /// twice the kinetic energy.
  ExactSum kinetic() const;

  /// Brings the velocities to a temperature [energy], and to the grid. One particle without walls is at rest.
  /// @param total  `kinetic` of all particles
  /// @param mass   of every particle; 1 where there are several species
  /// @throws OptionConflict where the grid is too coarse or too narrow for the temperature; on all ranks
  /// alike
  void scale(const ExactSum& total, double temperature, double mass);

  /// Takes what rounding left of the momentum off the particles with the lowest ids, a unit of the grid from
  /// each; in the rare case that there are more units than particles, off all of them first. Of several
  /// species, off the lightest one's, with the lowest numbers among its particles.
  /// @param total  `momentum` of all particles
  void remove_remainder(const std::array<ExactSum, 3>& total);

private:
  /// Where what rounding left is taken off.
  struct Remainder {
    double mass = 1.0;
    std::int64_t count = 0;
  };

  double mass_of(std::size_t row) const { return masses_.empty() ? 1.0 : masses_[row]; }
  bool keeps(std::size_t axis) const { return keeps_momentum(boundary_[axis], fields_[axis], false); }
  Remainder remainder() const;
  std::int64_t number_in_remainder(std::size_t row) const;

  std::uint64_t seed_;
  std::int64_t count_;
  std::span<const ParticleId> ids_;
  std::vector<std::span<double>> columns_;
  int grid_bits_;
  Boundaries boundary_;
  AxisSet fields_;
  const Mixture* mixture_ = nullptr;
  std::vector<double> masses_;                 ///< shape (rows); of several species only
  double all_masses_ = 0.0;                    ///< sum over all particles; likewise
  double least_mass_ = 1.0, most_mass_ = 1.0;  ///< of any particle
  std::int32_t lightest_ = 0;                  ///< species
};

}  // namespace orrery
