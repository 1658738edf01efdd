/// Particles on a lattice that fills the box. Any rank can make any of them.
#pragma once

#include <array>
#include <cstdint>

#include "particles/box.hpp"
#include "particles/particle_options.hpp"
#include "particles/particle_source.hpp"

namespace orrery {

/// Ids count through the sites of a cell, then through cells along x, then y, then z. Every position is
///
///   (cell + site) L / cells,      cell = 0, ..., cells - 1,    site as in `unit_cell`,
///
/// on each axis, rounded twice: a pure function of id, box and options.
class LatticeSource final : public ParticleSource {
public:
  /// @param box  of `box_of`, or one near it, such as it is after rounding to a grid
  /// @pre options.source is `SourceKind::lattice`
  LatticeSource(const ParticleOptions& options, const Box& box);

  std::int64_t count() const override;
  bool consecutive_ids() const override { return true; }

  /// Positions [length], in [0, L). @pre rows have the box's axes and no parameters
  void read(Range range, ParticleRows& rows) override;

private:
  UnitCell cell_;
  std::array<std::int64_t, 3> cells_;
  Vec3 edges_;  // of a cell
};

}  // namespace orrery
