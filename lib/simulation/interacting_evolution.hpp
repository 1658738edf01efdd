/// Particles that act on each other in pairs, as a run sees them.
#pragma once

#include <memory>

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
  /// @param brings_velocities  false: parameters that are there have none
  InteractingEvolution(const Communicator& ranks, const NewtonianLaw& law, const Box& box,
                       const MotionSettings& settings, const SpeciesOptions& species,
                       ParticleStore& particles, std::int64_t particle_count, const ParticleOptions& start,
                       bool brings_velocities, Bookkeeping& books);

  BoxInFile box() const override;
  void begin() override;
  void check_first_step() override;
  std::vector<std::pair<std::string, std::int64_t>> count_forms() override { return {}; }
  Advance evolve(Range steps, const StopRequest& stop, const Meanwhile& meanwhile) override;
  void prepare_frame(ImagesInFile images) override;
  bool keeps_energy() const override;
  std::vector<double> measure(std::int64_t step, const Meanwhile& meanwhile) override;
  std::vector<std::pair<std::string, double>> times() const override;
  std::vector<std::pair<std::string, std::int64_t>> counts() const override;
  std::optional<Traffic> traffic() const override;

  void pack_constant(Range rows, std::span<std::byte* const> fields) const override;
  FrameGather::Pack hold(std::int64_t step, bool stays, ElementType type) override;

private:
  std::vector<std::int32_t> initial_species() const;
  RowsById initial_rows() const;
  void draw_velocities(RowsById& rows) const;
  void unwrap(RowsById& rows) const;
  void add_origin(RowsById& rows, std::size_t axis) const;
  CollectiveError with_ids(const CollectiveError& failure) const;
  template <class Motion>
  auto naming_particles(const Motion& motion) const;

  const Communicator& ranks_;
  ParticleStore& particles_;  ///< ids alone once the motion has begun
  std::int64_t particle_count_;
  int axes_;
  Boundaries boundary_;
  double step_;
  SpeciesOptions species_;
  std::optional<Mixture>
      mixture_;  ///< where there are several species, and no file says which particle is of which
  std::vector<std::int32_t> species_of_row_;  ///< of this rank's part; empty: all are of one
  const ParticleOptions& start_;
  std::vector<std::string> brought_;  ///< names of the velocities that particles bring along
  bool brings_species_;
  bool brings_velocities_;
  Bookkeeping& books_;
  InteractingMotion motion_;
  /// Rows that were made ready.
  struct Frame {
    RowsById rows;
    ImagesInFile images = ImagesInFile::none;
  };
  void pack_frame(Frame& frame, std::int64_t step, ElementType type, Range rows,
                  std::span<std::byte* const> fields) const;
  Frame next_;
  std::weak_ptr<const Frame> held_;  ///< that are on their way
};

}  // namespace orrery
