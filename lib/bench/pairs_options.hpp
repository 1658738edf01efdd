/// What `orrery bench pairs` is asked to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/option_set.hpp"

namespace orrery {

struct PairsOptions {
  std::vector<std::uint64_t> particles{32'000, 256'000};
  std::uint64_t melting = 200;  ///< steps before any is timed
  std::uint64_t steps = 100;    ///< of a repeat
  std::uint64_t repeats = 5;
  std::uint64_t threads = 0;  ///< the most of each rank; 0: share the node's processors among its ranks
  std::vector<std::string> precision{"double", "mixed"};  ///< of the pairs's arithmetic
  double skin = 0.3;                                      ///< [length]
  std::string json;                                       ///< file for the figures; empty: none
  bool quick = false;

  void describe(OptionSet& options);

  /// Makes the defaults those of a trial that takes a second.
  void be_quick();
};

}  // namespace orrery
