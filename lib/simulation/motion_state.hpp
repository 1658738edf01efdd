/// The particles of one rank as motion on grids has them: columns, grids, and what is read off them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/in_parts.hpp"
#include "core/types.hpp"
#include "domain/ghost_exchange.hpp"
#include "integrators/mass_table.hpp"
#include "integrators/verlet.hpp"
#include "particles/box.hpp"
#include "shortrange/pair_forces.hpp"
#include "shortrange/pair_rows.hpp"
#include "simulation/motion_settings.hpp"
#include "simulation/rest_rule.hpp"
#include "simulation/starting_place.hpp"

namespace orrery {

/// Shared by what moves particles, what exerts forces on them and what measures them. All calls are local.
struct MotionState {
  /// @param given   box before its lengths are rounded to the grid
  /// @param limit      of displacements per step [length]
  /// @param particles  of all ranks
  MotionState(const Box& given, const MotionSettings& settings, const PairForces& forces, double limit,
              std::int64_t particles);

  double* displacement_of(std::size_t row) {
    return rows.particles().data(displacement) + PairRows::width * row;
  }
  const double* displacement_of(std::size_t row) const {
    return rows.particles().data(displacement) + PairRows::width * row;
  }
  double* rests_of(std::size_t row) { return rows.particles().data(*rest) + rests_of_row * row; }
  const double* rests_of(std::size_t row) const { return rows.particles().data(*rest) + rests_of_row * row; }
  std::span<const std::int64_t> indices() const { return rows.particles().owned(index); }
  std::int64_t index_of(std::size_t row) const { return rows.particles().data(index)[row]; }
  std::span<const ParticleId> ids() const { return rows.particles().owned(*id); }
  std::size_t species_of(std::size_t row) const {
    return species ? static_cast<std::size_t>(rows.particles().data(*species)[row]) : 0;
  }
  double mass_of(std::size_t row) const { return masses.mass(species_of(row)); }

  /// A coordinate [length] brought into the box, if the axis is periodic.
  double wrapped(double coordinate, std::size_t axis) const;
  /// Where a row is, owned or image, brought into the box; from its corner [length].
  Vec3 place_in_box(std::size_t row) const;
  /// Where fields find a particle: in the box, since which image of it a row has between two lists depends on
  /// when they are built; counted from 0; with its rest, if it is carried.
  Vec3 place_in_field(std::size_t row) const;
  /// With rests, if they are carried [length].
  double exact_position(std::size_t row, std::size_t axis) const;
  double exact_displacement(std::size_t row, std::size_t axis) const;
  MotionGrids grids() const;
  StartingAxis starting_axis(std::size_t axis) const;

  /// What integrators move.
  VerletRows verlet_rows();
  /// What forces that depend on velocities go by.
  PairVelocities velocities() const;

  /// Begins to carry what the grids round.
  void carry_rests();
  void resize_owned(std::size_t particles);
  /// Sets what is not state of a particle: how strongly forces move it.
  void set_half_kick(std::size_t row);
  /// The same for particles that have come from other ranks.
  void welcome(std::span<const std::size_t> arrived);
  /// Brings positions back into the box.
  void wrap_all();
  /// Reverses all velocities.
  void reverse();

  /// The first owned particle of which something holds, if any; a loop on all threads.
  template <class Holds>
  std::optional<std::size_t> first_own(const Holds& holds) const {
    std::vector<std::optional<std::size_t>> found(static_cast<std::size_t>(threads));
    in_parts(static_cast<std::int64_t>(rows.owned()), threads, [&](int part, Range range) {
      for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end);
           ++row) {
        if (!holds(row)) continue;
        found[static_cast<std::size_t>(part)] = row;
        return;
      }
    });
    for (const auto& row : found)
      if (row) return row;
    return std::nullopt;
  }

  Box box;             ///< as it is used: lengths and origin on the grid of positions
  Vec3 given_lengths;  ///< of the box before they were rounded [length]
  Periods periods{};
  double time_step;  ///< [time]
  int threads;
  PairPrecision precision;
  std::int64_t count;  ///< particles of all ranks
  MassTable masses;
  bool has_pairs;
  double bound;  ///< of displacements per step [length]
  VerletConstants verlet;
  std::int64_t step = 0;  ///< that was reached

  PairRows rows;
  /// Per step [length], shape (owned, 4), the fourth number being the half kick; where forces depend on
  /// velocities, with rows for ghosts as `rows` has them.
  Column<double> displacement{};
  Column<double> reference{};  ///< positions when the lists were built [length], shape (owned, 4)
  std::optional<Column<double>> acceleration;   ///< by fields [length / time^2], shape (owned, 3)
  Column<std::int64_t> index{};                 ///< global index: place in the order of ids
  std::optional<Column<ParticleId>> id;         ///< by which a bath draws noise
  std::optional<Column<std::int32_t>> species;  ///< where there are several
  std::optional<Column<double>> rest;           ///< of positions and displacements, where they are carried
  std::vector<Range> shares;                    ///< rows of each thread
};

}  // namespace orrery
