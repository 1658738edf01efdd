#include "run/run_figures.hpp"

#include <algorithm>
#include <numeric>

#include "observe/memory.hpp"

namespace orrery {

RunTiming timing_of(Bookkeeping& books, const Communicator& ranks, double write_seconds,
                    double wall_seconds) {
  books.clock.settle();
  RunTiming timing{.phases = {}, .seconds = {}, .wall_seconds = wall_seconds};
  for (const Phase phase : reported_phases) timing.phases.emplace_back(name_of(phase));
  timing.seconds.resize(timing.phases.size() * static_cast<std::size_t>(ranks.size()));
  for (std::size_t index = 0; index < reported_phases.size(); ++index) {
    const Phase phase = reported_phases[index];
    const auto seconds = ranks.pull(phase == Phase::write ? write_seconds : books.clock.seconds(phase));
    for (std::size_t rank = 0; rank < seconds.size(); ++rank)
      timing.seconds[rank * timing.phases.size() + index] = seconds[rank];
  }
  return timing;
}

RunReport report_of(const Simulation& simulation, const Bookkeeping& books, double wall_seconds) {
  const Communicator& ranks = simulation.ranks();
  const RunPlan& plan = simulation.prepared().plan;
  RunReport report;
  report.wall_seconds = wall_seconds;
  report.phases = spread_of(books.clock, ranks);
  report.imbalance = imbalance_of(spread_in(report.phases, Phase::evolve));
  for (const auto& [name, seconds] : simulation.times()) {
    const auto all = ranks.pull(seconds);
    if (all.empty()) continue;  // not the root
    const double sum = std::accumulate(all.begin(), all.end(), 0.0);
    // The first part is what ranks do by themselves; in the rest they wait for each other.
    if (report.evolve_parts.empty()) {
      const double mean = sum / static_cast<double>(all.size());
      report.imbalance =
          imbalance_of({.min = 0.0, .mean = mean, .max = *std::max_element(all.begin(), all.end())});
    }
    report.evolve_parts.emplace_back(name, sum);
  }
  report.evolve_counts = simulation.counts();
  report.traffic = simulation.traffic();
  report.memory = most_over(books.memory, ranks);
  const auto peaks = ranks.pull(peak_resident_bytes());
  for (const auto peak : peaks) {
    report.peak_bytes_all_ranks += peak;
    report.peak_bytes_most = std::max(report.peak_bytes_most, peak);
  }
  const auto particles = static_cast<double>(plan.particles);
  const double evolve_seconds = spread_in(report.phases, Phase::evolve).max;
  if (evolve_seconds > 0.0)
    report.particle_steps_per_second = particles * static_cast<double>(plan.steps) / evolve_seconds;
  if (particles > 0.0)
    report.peak_bytes_per_particle = static_cast<double>(report.peak_bytes_all_ranks) / particles;
  return report;
}

}  // namespace orrery
