/// A run as an object: particles of all ranks that are brought from step to step.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "comm/communicator.hpp"
#include "configuration/simulation_options.hpp"
#include "core/stop_request.hpp"
#include "io/frame_layout.hpp"
#include "observe/bookkeeping.hpp"
#include "output/frame_pipeline.hpp"
#include "simulation/evolution.hpp"
#include "simulation/particle_columns.hpp"
#include "simulation/run_plan.hpp"

namespace orrery {

/// Prints nothing, writes no file and never ends the program. There can be any number in one process, one
/// after the other or several at a time, on any communicators. What belongs to the process they share:
/// threads, instruction set and the processors that it is bound to are those of the last one made.
///
/// Every call is made by all ranks together (collective), except where it says "local". What fails on one
/// rank is thrown on all, as `CollectiveError`; after that the object is only good for being destroyed, and
/// others go on. What `options.output` and `options.run` say of files is for the caller: nothing here looks
/// at it but for how frames are planned (`every`) and whether images are counted (`images`).
class Simulation {
public:
  /// Called on the main thread every few milliseconds of work, with the fraction that is done. May throw.
  using Meanwhile = Evolution::Meanwhile;

  /// Checks the settings and opens the particles; deals out none. Collective.
  /// @param ranks    those that take part; they get a channel of their own
  /// @param options  checked ones, the same on each rank; must outlive this object
  /// @param books    where time and memory are noted; must outlive this object
  /// @throws CollectiveError (configuration or input_data)
  Simulation(const Communicator& ranks, const SimulationOptions& options, Bookkeeping& books);
  /// The same, with books of its own.
  Simulation(const Communicator& ranks, const SimulationOptions& options);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;
  ~Simulation();

  /// Gives every rank its particles, computes the first forces and tries the first step, so that all that is
  /// known to fail fails here. The second call does nothing; those below begin with it. Collective.
  void prepare();

  /// Brings all particles to a step. The bits do not depend on how steps are cut into calls. Collective.
  /// @param step  from the present one on, to at most `last_step()`
  /// @return      the step that was reached, the same on all ranks
  Advance advance_to(std::int64_t step, const Meanwhile& meanwhile = {});

  /// Ends `advance_to`, or else the next call of it, on all ranks at one step: where particles act on each
  /// other after the step that is under way; where they do not, once the steps are done that ranks do without
  /// each other. One rank is enough. Local and async-signal-safe.
  void request_stop() noexcept { stop_.make(); }

  /// This rank's even part of the particles in the order of ids, at the present step: ids, what the law gives
  /// every particle, positions, velocities, and images where they are counted. Collective.
  ParticleColumns columns();

  /// The law's diagnostics at the present step, the same on all ranks. Collective.
  FrameHeader measure(const Meanwhile& meanwhile = {});

  /// The step that was reached. Local.
  std::int64_t step() const { return step_; }
  /// Steps of the run, as the settings have it. Local.
  std::int64_t last_step() const { return prepared_.plan.steps; }
  /// What was worked out before anything moved. Local.
  const PreparedRun& prepared() const { return prepared_; }
  const Communicator& ranks() const { return ranks_; }
  const SimulationOptions& options() const { return options_; }

  /// What a frame of it holds. Local.
  FrameLayout layout(Precision precision, ImagesInFile images) const;
  /// Rows for frames in a file, while particles move on; @pre prepare. Local.
  FrameSource& frames() { return *evolution_; }
  /// The box, from the initial positions. Collective.
  BoxInFile box();
  /// How many particles move by each of the law's forms; empty where there is one only. Collective.
  std::vector<std::pair<std::string, std::int64_t>> count_forms();
  /// What this rank's moving was made of, so far [s]. Local.
  std::vector<std::pair<std::string, double>> times() const { return evolution_->times(); }
  /// What happened how often so far; the same on all ranks. Local.
  std::vector<std::pair<std::string, std::int64_t>> counts() const { return evolution_->counts(); }
  /// What ranks exchanged so far; nothing where particles move by themselves. Collective.
  std::optional<Traffic> traffic() const { return evolution_->traffic(); }
  /// Whether the total energy should stay what it is. @pre prepare. Local.
  bool keeps_energy() const { return evolution_->keeps_energy(); }

private:
  Simulation(const Communicator& ranks, const SimulationOptions& options, std::unique_ptr<Bookkeeping> own,
             Bookkeeping* books);
  template <class Work>
  auto carefully(const Work& work);

  const Communicator ranks_;
  const SimulationOptions& options_;
  std::unique_ptr<Bookkeeping> own_books_;
  Bookkeeping& books_;
  PreparedRun prepared_;
  std::optional<ParticleStore> particles_;
  std::unique_ptr<Evolution> evolution_;
  std::int64_t step_ = 0;
  StopRequest stop_;
  bool is_over_ = false;  ///< something failed
};

}  // namespace orrery
