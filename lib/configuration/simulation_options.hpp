/// All settings of a run, gathered from the modules that they belong to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "configuration/motion_options.hpp"
#include "core/option_set.hpp"
#include "forces/force_terms.hpp"
#include "io/output_options.hpp"
#include "io/particle_shape.hpp"
#include "laws/table.hpp"
#include "particles/particle_options.hpp"
#include "particles/starting_box.hpp"

namespace orrery {

struct TimeOptions {
  double step = 1e-5;       ///< [time]
  double end = 0.1;         ///< [time]; a whole number of steps
  std::uint64_t steps = 0;  ///< instead of `end`, if it is not 0

  void describe(OptionSet& options);

  /// Steps from 0 to `end`. @throws OptionConflict when `end` is no whole number of steps, within the
  /// rounding of the two numbers
  std::int64_t step_count() const;
  /// The time at the last step [time].
  double last_time() const;
};

enum class ProgressChoice { automatic, on, off };

struct RunOptions {
  std::uint64_t threads = 0;  ///< per rank; 0: share the node's processors among its ranks
  ProgressChoice progress = ProgressChoice::automatic;
  std::string log;      ///< JSON lines; empty: none
  std::string profile;  ///< timeline of phases; empty: none
  bool quiet = false;
  bool dry_run = false;
  std::string instruction_set = "auto";

  void describe(OptionSet& options);
};

class SimulationOptions {
public:
  SimulationOptions();

  ParticleOptions particles;
  TimeOptions time;
  BoxOptions box;
  MotionOptions motion;
  ForceTerms fields;
  OutputOptions output;
  RunOptions run;

  /// The law that was chosen, of whatever kind.
  const Law& law() const { return *laws_[law_].law; }
  /// The same if it is of this kind; else null.
  const IndependentLaw* independent_law() const { return laws_[law_].independent; }
  const NewtonianLaw* newtonian_law() const { return laws_[law_].newtonian; }
  const PairLaw* pair_law() const { return laws_[law_].pair; }

  /// Numbers about all particles that are written at every frame: those of the law, and of fields.
  std::vector<Diagnostic> diagnostics() const;

  /// Names of all laws.
  std::vector<std::string> law_names() const;

  /// The box that particles move in; nothing for laws of independent particles, which need none. @throws
  /// OptionConflict
  /// @param stored  what the particle file tells of it; nullptr where it tells nothing
  std::optional<Box> particle_box(const StoredBox* stored = nullptr) const;

  /// Whether the box can only be known with what the particle file tells of it.
  bool asks_file_for_box() const;

  /// Refuses a box that is too small for the law, or that fields do not fit. @throws OptionConflict
  void check_box(const Box& box) const;

  /// What every particle brings along: position, and what the law needs beside it.
  /// @param box  that particles move in; nothing where they need none
  ParticleShape particle_shape(const std::optional<Box>& box) const;

  void describe(OptionSet& options);

  /// @throws OptionConflict
  void validate() const;

private:
  void validate_motion() const;
  void check_reach(const Box& box) const;

  std::vector<TableLaw> laws_ = make_all_laws();
  std::size_t law_ = 0;
};

}  // namespace orrery
