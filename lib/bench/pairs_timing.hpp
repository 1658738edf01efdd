/// Times whole steps of the melt.
#pragma once

#include <cstdint>
#include <optional>

#include "bench/melt.hpp"
#include "bench/pairs_options.hpp"
#include "bench/spread.hpp"
#include "bench/sums_timing.hpp"
#include "comm/communicator.hpp"

namespace orrery {

/// What steps of some particles took on some threads. Times are those of the rank that took longest.
struct PairsTiming {
  std::int64_t particles = 0;  ///< of all ranks
  int ranks = 1;
  int threads = 1;  ///< of the rank with most
  PairPrecision precision = PairPrecision::full;
  Spread ns_per_particle_step{};  ///< over the repeats
  double pairs = 0.0;             ///< ns per particle and step, over all repeats
  double lists = 0.0;             ///< the same
  double exchange = 0.0;          ///< the same
  double integration = 0.0;       ///< the same
  double lists_per_100_steps = 0.0;
  double bytes_per_particle = 0.0;
  double temperature = 0.0;   ///< at the end
  double energy_drift = 0.0;  ///< change of the energy per particle over all repeats, which truncation causes
  std::optional<SumsTiming> sums{};  ///< of this rank; in double on one thread

  double million_atom_steps_per_second() const { return 1e3 / ns_per_particle_step.median; }
};

/// Melts and goes on, with so many threads. Collective.
PairsTiming time_pairs(const Communicator& ranks, const MeltStart& start, const PairsOptions& options,
                       std::int64_t particles, int threads, PairPrecision precision);

}  // namespace orrery
