/// The masses of a run's species, found by what the rows of particles carry of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace orrery {

/// A row of displacements has, as its fourth number, the change of the displacement by half a step of a force
/// of one unit, dt^2 / 2m times the unit: its half kick. It tells the mass, as far as motion goes.
class MassTable {
public:
  /// @param masses      of the species, one at least, all above 0
  /// @param step        [time]
  /// @param force_unit  of the forces' fixed point, a power of two
  MassTable(std::vector<double> masses, double step, double force_unit);

  std::size_t species() const { return masses_.size(); }
  double mass(std::size_t species) const { return masses_[species]; }
  double half_kick(std::size_t species) const { return half_kicks_[species]; }

  /// The first species that has this half kick, which is one of the table: others that have it, too, have the
  /// same mass but for its last bits.
  /// @throws Error (internal) where there are several species, and none has it
  std::size_t species_of(double half_kick) const { return masses_.size() == 1 ? 0 : first_with(half_kick); }

private:
  std::size_t first_with(double half_kick) const;

  std::vector<double> masses_;
  std::vector<double> half_kicks_;
  std::vector<std::pair<double, std::size_t>> by_half_kick_;  // ascending
};

}  // namespace orrery
