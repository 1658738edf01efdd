/// How particles that move by forces are moved, and what comes of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/aligned_vector.hpp"
#include "core/error.hpp"
#include "core/types.hpp"
#include "forces/force_terms.hpp"
#include "shortrange/pair_precision.hpp"
#include "simulation/crossings.hpp"

namespace orrery {

/// A bath that keeps a temperature, by friction and noise.
struct Bath {
  double temperature = 1.0;  ///< [energy]
  double friction = 1.0;     ///< [1 / time]
  std::uint64_t seed = 1;
  bool keeps_momentum = false;  ///< acts on velocities relative to the centre of mass
  std::int64_t first_step = 0;  ///< which step of the noise belongs to step 0: others went before
};

/// How an interacting motion is computed. Only step, mass, precision and bath change what comes out.
struct MotionSettings {
  double step = 0.005;            ///< [time]
  std::vector<double> mass{1.0};  ///< of each species
  double skin = 0.3;              ///< lists hold pairs up to cut-off + skin [length]
  int threads = 1;
  PairPrecision precision = PairPrecision::full;  ///< of the forces of pairs
  std::optional<Bath> bath{};                     ///< nothing: constant energy
  /// Whose fault it is where two particles begin at exactly one place; nothing: they may.
  std::optional<ExitCode> one_place{};
  bool balance = true;         ///< move the regions' borders when some ranks have more to do than others
  bool counts_images = false;  ///< know by how many periods particles are away from where they began
  std::int64_t steps = 0;  ///< of the run, by which it is decided whether rests are carried; 0: they are not
  /// Forces on single particles, in the order in which they are added up; they must outlive the motion.
  std::vector<const ForceTerm*> fields{};
};

/// What all particles come to at a step.
struct MotionMeasures {
  double kinetic_energy = 0.0;
  double potential_energy = 0.0;  ///< of pairs
  double field_energy = 0.0;
  double temperature = 0.0;
  double pressure = 0.0;
  std::array<double, 3> momentum{};
  std::array<double, 3> angular_momentum{};  ///< about the origin; zero unless all sides are open
};

/// Where the time of a rank went [s].
struct MotionTimes {
  double pairs = 0.0;      ///< forces
  double fields = 0.0;     ///< forces on single particles
  double lists = 0.0;      ///< sorting, migrating and finding neighbours
  double exchange = 0.0;   ///< packing images, and waiting for them and for other ranks
  double integrate = 0.0;  ///< kicks and drifts
  std::int64_t lists_built = 0;
  std::int64_t borders_moved = 0;  ///< how often regions were cut anew
};

/// A particle's place in the order of ids, and what it has there, for one rank's even part of them.
struct RowsById {
  std::vector<AlignedVector<double>> position;  ///< from the box's corner [length], shape (3, rows)
  std::vector<AlignedVector<double>> velocity;  ///< [length / time], shape (3, rows)
  std::vector<std::int32_t> species{};          ///< shape (rows), or empty: all are of the first
  std::vector<ImageNumbers> image{};            ///< shape (rows), or empty: not counted
  std::vector<ParticleId> names{};              ///< ids, by which noise is drawn; or empty: places are ids
};

}  // namespace orrery
