/// Particles that act on each other in pairs, as a run sees them.
#pragma once

#include "comm/collective_error.hpp"
#include "io/output_options.hpp"
#include "observe/bookkeeping.hpp"
#include "particles/degrees_of_freedom.hpp"
#include "particles/mixture.hpp"
#include "particles/particle_options.hpp"
#include "particles/particle_store.hpp"
#include "particles/species_options.hpp"
#include "simulation/evolution.hpp"
#include "simulation/interacting_motion.hpp"

namespace orrery {

class InteractingEvolution final : public Evolution {
public:
  /// `ranks`, `law`, `particles` and `books` must outlive this object. Local.
  /// @param species    of which particles are dealt out at random, unless they bring theirs along
  /// @param particles  this rank's even part in the order of ids, with velocities as parameters or none, and
  ///                   species behind these, or none
  /// @param start      where velocities are drawn by, if there are none
  /// @param type       of positions and velocities in the file
  /// @param brings_velocities  false: parameters that are there have none
  InteractingEvolution(const Communicator& ranks, const PairLaw& law, const Box& box,
                       const MotionSettings& settings, const SpeciesOptions& species,
                       const ParticleStore& particles, std::int64_t particle_count,
                       const ParticleOptions& start, ElementType type, bool brings_velocities,
                       ImagesInFile images, Bookkeeping& books);

  BoxInFile box() const override;
  void begin() override;
  void check_first_step() override;
  std::vector<std::pair<std::string, std::int64_t>> count_forms() override { return {}; }
  void evolve(Range steps, const Meanwhile& meanwhile) override;
  void prepare_frame() override;
  bool keeps_energy() const override;
  std::vector<double> measure(std::int64_t step, const Meanwhile& meanwhile) override;
  std::vector<std::pair<std::string, double>> times() const override;
  std::vector<std::pair<std::string, std::int64_t>> counts() const override;

  void pack_constant(Range rows, std::span<std::byte* const> fields) const override;
  FrameGather::Pack hold(std::int64_t step, bool is_last) override;

private:
  bool brings_species() const { return particles_.parameters() > axes_; }
  std::vector<std::int32_t> initial_species() const;
  RowsById initial_rows() const;
  void draw_velocities(RowsById& rows) const;
  void unwrap(RowsById& rows) const;
  void add_origin(std::size_t axis);
  void pack_frame(std::int64_t step, Range rows, std::span<std::byte* const> fields);
  CollectiveError with_ids(const CollectiveError& failure) const;
  template <class Motion>
  auto naming_particles(const Motion& motion) const;

  const Communicator& ranks_;
  const ParticleStore& particles_;
  std::int64_t particle_count_;
  int axes_;
  Boundaries boundary_;
  double step_;
  SpeciesOptions species_;
  std::optional<Mixture> mixture_;  ///< where there are several species, and no file says who is of which
  std::vector<std::int32_t> species_of_row_;  ///< of this rank's part; empty: all are of one
  const ParticleOptions& start_;
  ElementType type_;
  bool brings_velocities_;
  ImagesInFile images_;
  Bookkeeping& books_;
  InteractingMotion motion_;
  RowsById held_, next_;
};

}  // namespace orrery
