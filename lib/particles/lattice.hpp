/// Lattices: where particles stand in a unit cell, and how large the cell is at a density.
#pragma once

#include <cstdint>
#include <span>

#include "core/types.hpp"

namespace orrery {

enum class Lattice : std::uint8_t {
  square,        ///< in the plane, one particle in a cell
  simple_cubic,  ///< one particle in a cell
  fcc,           ///< face-centred cubic, four particles in a cell
};

/// A cell whose edges are 1.
struct UnitCell {
  int axes;                    ///< 2 or 3
  std::span<const Vec3> sites; /**< of particles, a quarter from the cell's corner: none stands at the box's
                                  end, where rounding could put it on either side */
};

UnitCell unit_cell(Lattice lattice);

/// Edge of the unit cell [length] for `density` particles in a unit of area or volume.
/// @pre density > 0. Not finite where it leaves the range of double.
double lattice_constant(Lattice lattice, double density);

}  // namespace orrery
