/// The masses of a run's species, and how strongly a force moves a particle of each.
#pragma once

#include <cstddef>
#include <vector>

namespace orrery {

/// Masses by species. A row of displacements has, as its fourth number, the half kick of the particle: the
/// change of its displacement by half a step of a force of one unit, dt^2 / 2m times the unit. It follows
/// from mass and step, and is no state.
class MassTable {
public:
  /// @param masses      of the species, one at least, all above 0
  /// @param step        [time]
  /// @param force_unit  of the forces' fixed point, a power of two
  MassTable(std::vector<double> masses, double step, double force_unit);

  std::size_t species() const { return masses_.size(); }
  double mass(std::size_t species) const { return masses_[species]; }
  double half_kick(std::size_t species) const { return half_kicks_[species]; }

  /// The first species that has the same half kick: sums over particles of equal masses are formed as one.
  std::size_t alike(std::size_t species) const { return alike_[species]; }

private:
  std::vector<double> masses_;
  std::vector<double> half_kicks_;
  std::vector<std::size_t> alike_;
};

}  // namespace orrery
