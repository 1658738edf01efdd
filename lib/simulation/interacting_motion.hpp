/// Particles of all ranks that move in a box by forces, on pairs or on each by itself.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <vector>

#include "comm/communicator.hpp"
#include "core/stop_request.hpp"
#include "domain/ownership.hpp"
#include "laws/newtonian_law.hpp"
#include "particles/box.hpp"
#include "simulation/advance.hpp"
#include "simulation/crossings.hpp"
#include "simulation/field_forces.hpp"
#include "simulation/motion_integrator.hpp"
#include "simulation/motion_measures.hpp"
#include "simulation/motion_settings.hpp"
#include "simulation/motion_state.hpp"
#include "simulation/nearness.hpp"
#include "simulation/pair_engine.hpp"

namespace orrery {

/// Puts together what has each its own place: the particles (`MotionState`), which rank owns them
/// (`Ownership`), the terms of the forces (`PairEngine`, `FieldForces`), and the substeps
/// (`MotionIntegrator`).
class InteractingMotion {
public:
  /// Called on the main thread at every step.
  using Meanwhile = std::function<void(std::int64_t step)>;

  /// `ranks` and `law` must outlive this object. Local.
  /// @param count  particles of all ranks
  InteractingMotion(const Communicator& ranks, const NewtonianLaw& law, const Box& box,
                    const MotionSettings& settings, std::int64_t count);

  /// The box as it is used: lengths rounded to the grid of positions, by less than 1e-12 of them.
  const Box& box() const { return state_.box; }

  /// Displacements per step are multiples of 2^-bits.
  int displacement_bits() const { return state_.grids().displacement.bits; }

  /// Whether what the grids round is carried along, see `rest_rule.hpp`. @pre begin
  bool carries_rests() const { return state_.rest.has_value(); }

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
  MotionMeasures measure() const { return orrery::measure(ranks_, state_, pairs_, fields_, integrator_); }

  /// Positions, wrapped into the box, and velocities of this rank's even part, in the order of ids; not their
  /// species, which do not change. Collective.
  RowsById rows_by_id() const;

  /// Whether no bath, damping or field gives and takes energy.
  bool keeps_energy() const;

  bool has_pairs() const { return pairs_.has_pairs(); }
  bool has_fields() const { return fields_.any(); }
  /// Axes along which fields act.
  AxisSet field_axes() const { return fields_.axes(state_.box); }

  /// Images of this rank's even part, in the order of ids: a position and that many periods are where the
  /// particle would be without a box, from the coordinates that it began with. Collective.
  /// @pre `MotionSettings::counts_images`
  std::vector<ImageNumbers> images_by_id();

  /// Reverses all velocities. Local.
  void reverse() { state_.reverse(); }

  const MotionTimes& times() const { return times_; }
  std::size_t owned() const { return state_.rows.owned(); }
  /// This rank's particles and images at the step that was reached, and their neighbour lists: for
  /// benchmarks.
  const PairRows& rows() const { return state_.rows; }
  const NeighbourLists& lists() const { return pairs_.lists(); }
  /// What was exchanged with other ranks so far.
  const ExchangeCounts& exchanged() const { return pairs_.exchanged(); }
  std::size_t bytes() const;

private:
  void start(const RowsById& rows);
  void rebuild();
  void migrate();
  void check_all_there() const;
  void count_crossings();
  void look_for_particles();
  void compute_forces(PairSums sums);
  bool step_once(int half_kicks, PairSums sums, const Meanwhile& meanwhile, const StopRequest* stop);
  template <class Work>
  void attempt(const Work& work);
  void agree();
  FactualError too_near();

  const Communicator& ranks_;
  MotionSettings settings_;
  PairEngine pairs_;
  FieldForces fields_;
  MotionState state_;
  Ownership ownership_;
  MotionIntegrator integrator_;
  std::optional<Crossings> crossings_;  ///< nothing unless they are counted
  std::optional<Unnamed> unnamed_;
  std::exception_ptr failure_;  ///< of this rank, not told to the others yet
  MotionTimes times_;
};

}  // namespace orrery
