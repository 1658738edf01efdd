#include "particles/lattice.hpp"

#include <array>
#include <cmath>

#include "core/cube_root.hpp"

namespace orrery {

UnitCell unit_cell(Lattice lattice) {
  static constexpr std::array<Vec3, 1> in_the_plane{{{0.25, 0.25, 0.0}}};
  static constexpr std::array<Vec3, 4> in_space{
      {{0.25, 0.25, 0.25}, {0.75, 0.75, 0.25}, {0.75, 0.25, 0.75}, {0.25, 0.75, 0.75}}};
  switch (lattice) {
    case Lattice::square:
      return {2, in_the_plane};
    case Lattice::simple_cubic:
      return {3, std::span(in_space).first(1)};
    case Lattice::fcc:
      break;
  }
  return {3, in_space};
}

double lattice_constant(Lattice lattice, double density) {
  const UnitCell cell = unit_cell(lattice);
  const double content = static_cast<double>(cell.sites.size()) / density;
  if (!std::isfinite(content)) return content;
  return cell.axes == 2 ? std::sqrt(content) : cube_root(content);
}

}  // namespace orrery
