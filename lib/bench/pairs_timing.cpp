#include "bench/pairs_timing.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/stopwatch.hpp"
#include "laws/lennard_jones.hpp"

namespace orrery {
namespace {

void nothing_meanwhile(std::int64_t) {}

double energy_of(const MotionMeasures& measures) {
  return measures.kinetic_energy + measures.potential_energy;
}

double longest(const Communicator& ranks, double seconds) {
  ranks.maximum(std::span(&seconds, 1));
  return seconds;
}

}  // namespace

PairsTiming time_pairs(const Communicator& ranks, const MeltStart& start, const PairsOptions& options,
                       std::int64_t particles, int threads, PairPrecision precision) {
  const LennardJonesLaw law({.cutoff = Melt::cutoff});
  const MotionSettings settings{
      .step = Melt::step, .skin = options.skin, .threads = threads, .precision = precision};
  InteractingMotion motion(ranks, law, start.box, settings, particles);
  motion.begin(start.rows);
  std::int64_t step = 0;
  const auto go = [&](std::uint64_t steps) {
    const Range range{step, step + static_cast<std::int64_t>(steps)};
    motion.evolve(range, nothing_meanwhile);
    step = range.end;
  };
  go(options.melting);

  const double energy_before = energy_of(motion.measure());
  const MotionTimes before = motion.times();
  std::vector<double> seconds;
  for (std::uint64_t repeat = 0; repeat < options.repeats; ++repeat) {
    longest(ranks, 0.0);  // no rank begins before all have come
    const Stopwatch watch;
    go(options.steps);
    seconds.push_back(longest(ranks, watch.seconds()));
  }
  const MotionTimes after = motion.times();
  const MotionMeasures measures = motion.measure();

  const auto atoms = static_cast<double>(particles);
  const double unit = 1e9 / (atoms * static_cast<double>(options.steps));
  const double unit_of_all = unit / static_cast<double>(options.repeats);
  std::array<double, 5> most{after.pairs - before.pairs, after.lists - before.lists,
                             after.exchange - before.exchange, after.integrate - before.integrate,
                             static_cast<double>(threads)};
  ranks.maximum(most);
  std::optional<SumsTiming> sums;
  if (most[4] == 1.0 && precision == PairPrecision::full && motion.owned() > 0)
    sums = time_sums(law, motion.rows(), motion.lists());
  auto bytes = static_cast<std::int64_t>(motion.bytes());
  ranks.sum(std::span(&bytes, 1));
  return {.particles = particles,
          .ranks = ranks.size(),
          .threads = static_cast<int>(most[4]),
          .precision = precision,
          .ns_per_particle_step = spread_of(seconds).times(unit),
          .pairs = unit_of_all * most[0],
          .lists = unit_of_all * most[1],
          .exchange = unit_of_all * most[2],
          .integration = unit_of_all * most[3],
          .lists_per_100_steps = 100.0 * static_cast<double>(after.lists_built - before.lists_built) /
                                 static_cast<double>(options.steps * options.repeats),
          .bytes_per_particle = static_cast<double>(bytes) / atoms,
          .temperature = measures.temperature,
          .energy_drift = (energy_of(measures) - energy_before) / atoms,
          .sums = sums};
}

}  // namespace orrery
