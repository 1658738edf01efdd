/// All settings of a run, gathered from the modules that they belong to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/option_set.hpp"
#include "io/output_options.hpp"
#include "laws/table.hpp"
#include "observe/progress.hpp"
#include "particles/particle_options.hpp"

namespace orrery {

struct TimeOptions {
  double step = 1e-5;  ///< [time]
  double end = 0.1;    ///< [time]; a whole number of steps

  void describe(OptionSet& options);

  /// Steps from 0 to `end`. @throws OptionConflict when `end` is no whole number of steps, within the
  /// rounding of the two numbers
  std::int64_t step_count() const;
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
  OutputOptions output;
  RunOptions run;

  /// The law that was chosen.
  IndependentLaw& law() const { return *laws_[law_]; }

  void describe(OptionSet& options);

  /// @throws OptionConflict
  void validate() const;

private:
  std::vector<std::unique_ptr<IndependentLaw>> laws_;
  std::size_t law_ = 0;
};

}  // namespace orrery
