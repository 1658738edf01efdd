/// What a run evolves: the particles of all ranks under a law of some kind.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/stop_request.hpp"
#include "core/types.hpp"
#include "observe/run_report.hpp"
#include "output/frame_pipeline.hpp"
#include "simulation/advance.hpp"

namespace orrery {

/// The box that a trajectory names [length].
struct BoxInFile {
  std::array<double, 3> lengths{1.0, 1.0, 1.0};
  std::array<bool, 3> is_periodic{};
  std::array<double, 3> origin{};   ///< lower corner [length]
  std::vector<std::string> ends{};  ///< names of what the ends of each axis do; empty: there are none
};

/// Every rank has one, and all make the same calls. Where one says "collective" it also agrees on failures:
/// what is thrown on one rank is thrown on all, as `CollectiveError`.
class Evolution : public FrameSource {
public:
  /// Called on the main thread every few milliseconds of work, with the fraction that is done. May throw.
  using Meanwhile = std::function<void(double fraction_done)>;

  /// The box, from the initial positions. Collective.
  virtual BoxInFile box() const = 0;

  /// Makes ready for the first step. Collective.
  virtual void begin() = 0;

  /// After `begin`: refuses particles that are known to move too far in their first step. Collective.
  virtual void check_first_step() {}

  /// How many particles move by each of the law's forms, with their names; empty where there is one form
  /// only. Collective.
  virtual std::vector<std::pair<std::string, std::int64_t>> count_forms() = 0;

  /// What this rank's evolving was made of, so far [s]; empty where it is one thing.
  virtual std::vector<std::pair<std::string, double>> times() const { return {}; }

  /// What happened how often while evolving; empty where there is nothing to tell. The same on all ranks.
  virtual std::vector<std::pair<std::string, std::int64_t>> counts() const { return {}; }

  /// What ranks exchanged with each other so far; nothing where particles move by themselves. Collective; the
  /// same on all ranks.
  virtual std::optional<Traffic> traffic() const { return std::nullopt; }

  /// Whether the total energy should stay what it is.
  virtual bool keeps_energy() const { return false; }

  /// Brings all particles from one step to another, or, where any rank is asked to stop, to one between.
  /// Collective; the same on all ranks.
  virtual Advance evolve(Range steps, const StopRequest& stop, const Meanwhile& meanwhile) = 0;

  /// The law's diagnostics at the step that was reached. Collective; the same on all ranks.
  virtual std::vector<double> measure(std::int64_t step, const Meanwhile& meanwhile) = 0;
};

}  // namespace orrery
