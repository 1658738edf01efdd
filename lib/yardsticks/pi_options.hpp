/// What `orrery pi` is asked to do.
#pragma once

#include <cstdint>
#include <string>

#include "core/option_set.hpp"
#include "core/types.hpp"

namespace orrery {

/// How the samples are dealt out.
enum class PiVia {
  farm,  ///< tasks, each taken by a rank that is free
  map,   ///< the same tasks in even blocks, one block per rank
};

struct PiOptions {
  std::uint64_t samples = 100'000'000;
  std::uint64_t seed = 1;
  std::uint64_t chunk =
      0;  ///< samples of a task; 0: by the number of samples alone, so that a journal fits any ranks
  PiVia via = PiVia::farm;
  std::uint64_t batch = 0;    ///< tasks that the farm hands out at once; 0: from measured times
  std::uint64_t threads = 0;  ///< per rank; 0: share the node's processors among its ranks
  std::string journal;        ///< of the farm; empty: none
  bool compare = false;       ///< with plain loops, in the same run

  void describe(OptionSet& options);

  /// @throws OptionConflict
  void validate() const;

  std::int64_t samples_per_task() const;
  std::int64_t task_count() const;
  Range samples_of(std::int64_t task) const;
};

}  // namespace orrery
