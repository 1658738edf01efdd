/// What a benchmark is asked to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/repeats.hpp"
#include "core/option_set.hpp"

namespace orrery {

struct BenchOptions {
  std::vector<std::uint64_t> particles{100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000};
  std::vector<std::string> forms;  ///< names of `rotation_forms`; all of them by default
  std::uint64_t repeats = 5;
  std::uint64_t threads = 0;  ///< the most of each rank; 0: share the node's processors among its ranks
  std::string json;           ///< file for the figures; empty: none
  bool quick = false;

  BenchOptions();

  void describe(OptionSet& options);

  /// Makes the defaults those of a trial that takes seconds: fewer sizes and repeats. What they are worth is
  /// another matter.
  void be_quick();

  RepeatRules rules() const;
  /// Of each array that is moved to measure the memory.
  std::size_t array_bytes() const;
};

}  // namespace orrery
