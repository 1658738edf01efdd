#include "particles/lattice_source.hpp"

#include "core/error.hpp"

namespace orrery {

LatticeSource::LatticeSource(const ParticleOptions& options, const Box& box)
    : cell_(unit_cell(options.lattice)), cells_{1, 1, 1}, edges_{} {
  ensure(box.axes == cell_.axes, "a lattice has the axes of its box");
  for (int axis = 0; axis < cell_.axes; ++axis) {
    const auto at = static_cast<std::size_t>(axis);
    cells_[at] = static_cast<std::int64_t>(options.cells[axis]);
    edges_[at] = box.lengths[at] / static_cast<double>(cells_[at]);
  }
}

std::int64_t LatticeSource::count() const {
  return cells_[0] * cells_[1] * cells_[2] * static_cast<std::int64_t>(cell_.sites.size());
}

void LatticeSource::read(Range range, ParticleRows& rows) {
  rows.resize(static_cast<std::size_t>(range.size()));
  const auto axes = static_cast<std::size_t>(cell_.axes);
  ensure(rows.position.size() == axes && rows.parameter.empty(),
         "particles of a lattice have positions and nothing else");
  const auto sites = static_cast<std::int64_t>(cell_.sites.size());
  auto site = static_cast<std::size_t>(range.begin % sites);
  std::int64_t index = range.begin / sites;
  std::array<std::int64_t, 3> cell{index % cells_[0], index / cells_[0] % cells_[1],
                                   index / cells_[0] / cells_[1]};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    rows.id[row] = ParticleId{static_cast<std::uint64_t>(range.begin) + row};
    for (std::size_t axis = 0; axis < axes; ++axis) {
      rows.position[axis][row] = (static_cast<double>(cell[axis]) + cell_.sites[site][axis]) * edges_[axis];
    }
    if (++site < cell_.sites.size()) continue;
    site = 0;
    for (std::size_t axis = 0; axis < axes && ++cell[axis] == cells_[axis] && axis + 1 < axes; ++axis)
      cell[axis] = 0;
  }
}

}  // namespace orrery
