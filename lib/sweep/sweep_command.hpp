/// The command line of `orrery sweep`.
#pragma once

#include <string>
#include <vector>

#include "core/option_set.hpp"
#include "options/command.hpp"

namespace orrery {

struct SweepOptions {
  std::vector<std::string> variations;  ///< as written
  std::uint64_t replicas = 1;
  std::uint64_t ranks_per_run = 1;
  std::uint64_t retries = 1;
  std::string out = "sweep";
  bool dry_run = false;

  /// All but the variations.
  void describe(OptionSet& options);
};

extern const Command sweep_command;

/// Takes a sweep's own options out of a command line, and leaves those of its runs. Local.
/// @return what is for the runs, as `read_run_settings` reads it
/// @throws Error (usage)
std::vector<std::string> take_sweep_options(const std::vector<std::string>& arguments, SweepOptions& options);

}  // namespace orrery
