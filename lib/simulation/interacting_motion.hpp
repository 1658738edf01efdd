/// Particles of all ranks that move in a box, and may act on each other in pairs: regions, images, lists,
/// forces and steps.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "core/aligned_vector.hpp"
#include "core/even_split.hpp"
#include "core/exact_sum.hpp"
#include "core/stop_request.hpp"
#include "domain/image_exchange.hpp"
#include "domain/migration.hpp"
#include "domain/ownership.hpp"
#include "forces/force_terms.hpp"
#include "integrators/centred_langevin.hpp"
#include "integrators/langevin.hpp"
#include "integrators/mass_table.hpp"
#include "integrators/verlet.hpp"
#include "laws/pair_law.hpp"
#include "particles/box.hpp"
#include "particles/degrees_of_freedom.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "shortrange/pair_forces.hpp"
#include "shortrange/pair_rows.hpp"
#include "simulation/advance.hpp"
#include "simulation/crossings.hpp"
#include "simulation/rest_rule.hpp"
#include "simulation/starting_place.hpp"

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

/// What a bath that keeps the momentum goes by.
struct CentredBath {
  double mass = 0.0;    ///< of all particles
  Vec3 momentum{};      ///< that there is to be, over mass [units of the displacements' grid]
  MomentumSums sums{};  ///< of this step
  Drift mixed{};        ///< of the first half of this step
};

class InteractingMotion {
public:
  /// Called on the main thread at every step.
  using Meanwhile = std::function<void(std::int64_t step)>;

  /// `ranks` and `law` must outlive this object. Local.
  /// @param count  particles of all ranks
  InteractingMotion(const Communicator& ranks, const NewtonianLaw& law, const Box& box,
                    const MotionSettings& settings, std::int64_t count);

  /// The box as it is used: lengths rounded to the grid of positions, by less than 1e-12 of them.
  const Box& box() const { return box_; }

  /// Displacements per step are multiples of 2^-bits.
  int displacement_bits() const;

  /// Whether what the grids round is carried along, see `rest_rule.hpp`. @pre begin
  bool carries_rests() const { return rest_.has_value(); }

  /// Takes this rank's even part of the particles, in the order of ids, and computes the first forces.
  /// Collective.
  /// @param rows  shape (part): positions, wrapped into the box, velocities, and species
  void begin(const RowsById& rows);

  /// After `begin`: throws what the first step would throw of particles that their first kick makes too fast.
  /// Changes nothing. In a bath, whose noise comes in between, nothing can be told. Collective.
  void check_first_step();

  /// Brings all particles from one step to another; where any rank is asked to stop, to the end of the step
  /// that is under way. Collective; the same on all ranks. What `meanwhile` throws on any rank ends all.
  /// @param stop  looked at in every step; nullptr: this rank is not asked
  /// @throws CollectiveError
  Advance evolve(Range steps, const Meanwhile& meanwhile, const StopRequest* stop = nullptr);

  /// At the step that was reached. Collective; the same on all ranks.
  MotionMeasures measure() const;

  /// Positions, wrapped into the box, and velocities of this rank's even part, in the order of ids; not their
  /// species, which do not change. Collective.
  RowsById rows_by_id() const;

  /// Whether no bath, damping or field gives and takes energy.
  bool keeps_energy() const;

  bool has_pairs() const { return forces_.has_pairs(); }
  bool has_fields() const { return !settings_.fields.empty(); }
  /// Axes along which fields act.
  AxisSet field_axes() const { return axes_of(settings_.fields, box_); }

  /// Images of this rank's even part, in the order of ids: a position and that many periods are where the
  /// particle would be without a box, from the coordinates that it began with. Collective.
  /// @pre `MotionSettings::counts_images`
  std::vector<ImageNumbers> images_by_id();

  /// Reverses all velocities. Local.
  void reverse();

  const MotionTimes& times() const { return times_; }
  std::size_t owned() const { return rows_.owned(); }
  /// This rank's particles and images at the step that was reached, and who is near whom: for benchmarks.
  const PairRows& rows() const { return rows_; }
  const NeighbourLists& lists() const { return lists_; }
  /// What was exchanged with other ranks so far.
  const ExchangeCounts& exchanged() const { return images_.counts(); }
  std::size_t bytes() const;

private:
  void start(const RowsById& rows);
  MotionGrids grids() const;
  StartingMotion starting_motion(const RowsById& rows) const;
  void decide_on_rests(const RowsById& rows);
  double exact_position(std::size_t row, std::size_t axis) const;
  double exact_displacement(std::size_t row, std::size_t axis) const;
  void declare_columns();
  void resize_owned(std::size_t count);
  StartingAxis starting_axis(std::size_t axis) const;
  void place(const RowsById& rows);
  void place(const RowsById& rows, std::size_t row);
  void set_half_kick(std::size_t row);
  double* displacement_of(std::size_t row) {
    return rows_.particles().data(displacement_) + PairRows::width * row;
  }
  const double* displacement_of(std::size_t row) const {
    return rows_.particles().data(displacement_) + PairRows::width * row;
  }
  double* rests_of(std::size_t row) { return rows_.particles().data(*rest_) + rests_of_row * row; }
  const double* rests_of(std::size_t row) const {
    return rows_.particles().data(*rest_) + rests_of_row * row;
  }
  std::span<const std::int64_t> indices() const { return rows_.particles().owned(index_); }
  std::int64_t index_of(std::size_t row) const { return rows_.particles().data(index_)[row]; }
  std::span<const ParticleId> ids() const { return rows_.particles().owned(*id_); }
  std::size_t species_of(std::size_t row) const {
    return species_ ? static_cast<std::size_t>(rows_.particles().data(*species_)[row]) : 0;
  }
  double wrapped(double coordinate, std::size_t axis) const;
  bool mirrors_images() const { return settings_.threads == 1 && settings_.precision == PairPrecision::full; }
  void rebuild();
  void welcome(std::span<const std::size_t> arrived);
  void check_all_there() const;
  void wrap_all();
  void begin_counting_images(const RowsById& rows);
  std::vector<Crossings::Crossing> crossings_now() const;
  void count_crossings();
  void sort_by_cells(const CellGrid& grid);
  void compute_forces(PairSums sums);
  Drift kick_and_drift_all(int half_kicks);
  void begin_keeping_momentum();
  void mix_in_centred_bath(int half_kicks);
  void sum_in_centred_bath();
  Drift drift_in_centred_bath();
  bool bath_takes_momentum() const { return langevin_.has_value() && !settings_.bath->keeps_momentum; }
  double heat(const MotionMeasures& measures) const;
  bool kick_all();
  bool step_once(int half_kicks, PairSums sums, const Meanwhile& meanwhile, const StopRequest* stop);
  template <class Work>
  void attempt(const Work& work);
  void agree();
  Error mass_out_of_range(std::int64_t id) const;
  Error moved_too_far(std::int64_t step) const;
  Error force_out_of_range();
  double meeting_speed(std::size_t row, std::size_t other) const;
  std::array<double, 3> angular_momentum() const;
  template <class Holds>
  std::optional<std::size_t> first_own(const Holds& holds) const;
  void check_range() const;
  void check_walls() const;
  Error left_box(std::size_t row, double wall) const;
  Error left_range(std::size_t row, double farthest) const;
  Vec3 place_in_box(std::size_t row) const;
  std::int64_t first_at_one_place() const;
  std::optional<std::size_t> own_row_of(std::size_t row) const;
  void check_places() const;
  std::int64_t nearest_to(const Vec3& place, std::int64_t but) const;
  void name_the_other();
  std::string text_of(const Vec3& place) const;
  Error miscounted(const Miscount& particle) const;
  std::string place_of(std::size_t row) const;
  VerletRows verlet_rows();
  PairVelocities velocities() const;
  void set_padding_displacements();
  void find_neighbours();
  void look_for_particles();
  std::string bound_text() const;
  Vec3 place_in_field(std::size_t row) const;
  double mass_of(std::size_t row) const { return masses_.mass(species_of(row)); }
  void compute_fields();
  double square_of_kick(std::size_t row, const Vec3& force) const;
  double field_energy() const;
  double* displacements_of_images();

  const Communicator& ranks_;
  PairForces forces_;
  Box box_;
  Vec3 given_lengths_;  ///< of the box before they were rounded [length]
  MotionSettings settings_;
  std::int64_t count_;
  Ownership ownership_;
  Periods periods_{};
  MassTable masses_;
  double bound_;  ///< of displacements per step [length]
  VerletConstants verlet_;
  std::optional<LangevinConstants> langevin_;
  CentredBath centred_;  ///< where the bath keeps the momentum
  double reach_;         ///< of the lists [length]; 0 without pairs

  PairRows rows_;
  /// Per step [length], shape (owned, 4), the fourth number being the half kick; where forces depend on
  /// velocities, with rows for ghosts as `rows_` has them.
  Column<double> displacement_{};
  Column<double> reference_{};  ///< positions when the lists were built [length], shape (owned, 4)
  std::optional<Column<double>> acceleration_;   ///< by fields, see `VerletRows`
  Column<std::int64_t> index_{};                 ///< global index: place in the order of ids
  std::optional<Column<ParticleId>> id_;         ///< by which a bath draws noise
  std::optional<Column<std::int32_t>> species_;  ///< where there are several
  std::optional<Column<double>> rest_;           ///< of positions and displacements, where they are carried
  CellOrder order_;                              ///< of own particles, when the lists were built
  std::vector<Range> shares_;                    ///< of the threads
  ImageExchange images_;
  std::optional<Crossings> crossings_;  ///< nothing unless they are counted
  NeighbourLists lists_;
  PairTotals totals_;  ///< of the step that was reached
  std::int64_t step_ = 0;
  /// A failure that has yet to name the other of two particles, another rank's.
  struct Unnamed {
    ExitCode code;
    std::string text;
    std::int64_t id;  ///< of the one that is named
    Vec3 place;       ///< of the other
  };
  static constexpr const char* another = "another particle";
  std::optional<Unnamed> unnamed_;
  std::exception_ptr failure_;  ///< of this rank, not told to the others yet
  MotionTimes times_;
};

}  // namespace orrery
