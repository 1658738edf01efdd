#include "observe/run_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "core/number_text.hpp"
#include "core/version.hpp"

namespace orrery {
namespace {

std::string rate_text(double per_second) {
  static constexpr std::array units{"", " thousand", " million", " billion", " trillion"};
  std::size_t unit = 0;
  while (per_second >= 1000.0 && unit + 1 < units.size()) {
    per_second /= 1000.0;
    ++unit;
  }
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.3g%s", per_second, units[unit]);
  return buffer.data();
}

std::string formatted(const char* format, double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  return buffer.data();
}

std::string seconds_text(double seconds) {
  return formatted("%10.4f", seconds);
}

/// "pairs 71 %, lists 12 %" and so on.
std::string parts_text(const std::vector<std::pair<std::string, double>>& parts) {
  double sum = 0.0;
  for (const auto& [name, seconds] : parts) sum += seconds;
  std::string text;
  for (const auto& [name, seconds] : parts) {
    const double share = sum > 0.0 ? seconds / sum : 0.0;
    text.append(text.empty() ? "" : ", ").append(name).append(formatted(" %.0f %%", 100.0 * share));
  }
  return text;
}

/// "lists built 240 times, borders moved once"
std::string counts_text(const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  std::string text;
  for (const auto& [what, times] : counts) {
    text.append(text.empty() ? "" : ", ").append(what).append(" ");
    text.append(times == 1 ? "once" : std::to_string(times) + " times");
  }
  return text;
}

/// A table of columns and buffers; the last row says how much of the system's figure they come to.
void print_memory(std::ostream& out, const RunPlan& plan, const RunReport& report) {
  const bool has_particles = plan.particles > 0;
  const auto print_row = [&](std::string name, std::uint64_t bytes) {
    const auto size = static_cast<double>(bytes);
    name.resize(11, ' ');
    out << "  " << name << formatted("%8.1f", size / (1 << 20));
    if (has_particles) out << formatted("%20.1f", size / static_cast<double>(plan.particles));
  };
  out << "\nmemory            MiB" << (has_particles ? "  bytes per particle" : "") << ", over all ranks\n";
  for (const MemoryItem& item : report.memory) {
    print_row(item.name, item.bytes);
    out << "\n";
  }
  const std::uint64_t counted = sum_of(report.memory);
  const double of_system = static_cast<double>(counted) / static_cast<double>(report.peak_bytes_all_ranks);
  print_row("sum", counted);
  out << "  (" << formatted("%.0f", 100.0 * of_system) << " % of what the system says)\n";
}

}  // namespace

std::string threads_text(const RunPlan& plan) {
  const auto [least, most] = std::minmax_element(plan.threads.begin(), plan.threads.end());
  return *least == *most ? std::to_string(*least) : std::to_string(*least) + " to " + std::to_string(*most);
}

void print_plan(std::ostream& out, const RunPlan& plan) {
  out << "orrery " << version() << "\n"
      << "  law          " << plan.law << ", method " << plan.method << ", " << plan.instruction_set
      << " instructions\n"
      << "  particles    " << plan.particles << "\n"
      << "  steps        " << plan.steps << " of " << to_text(plan.step) << ", to time " << to_text(plan.end)
      << (plan.first_step > 0 ? ", after " + std::to_string(plan.first_step) + " of earlier runs" : "")
      << "\n"
      << "  ranks        " << plan.ranks
      << (plan.nodes > 1 ? " on " + std::to_string(plan.nodes) + " nodes" : "") << ", threads per rank "
      << threads_text(plan) << " (processors " << plan.processors << (plan.ranks > 1 ? " for rank 0" : "")
      << ")\n"
      << "  memory       about " << bytes_text(static_cast<double>(plan.memory_per_rank)) << " per rank\n"
      << "  output       " << plan.file << ", " << plan.frames << (plan.frames == 1 ? " frame" : " frames")
      << ", about " << bytes_text(static_cast<double>(plan.file_bytes)) << "\n"
      << std::flush;
}

void print_forms(std::ostream& out, const std::vector<FormCount>& forms) {
  std::string text;
  for (const auto& [form, particles] : forms) {
    if (particles > 0) text += (text.empty() ? "" : ", ") + std::to_string(particles) + " " + form;
  }
  out << "  motion       " << (text.empty() ? "no particles" : text) << "\n" << std::flush;
}

void print_report(std::ostream& out, const RunPlan& plan, const RunReport& report) {
  out << "\nphase        seconds over ranks:\n                least      mean      most\n";
  for (std::size_t index = 0; index < reported_phases.size(); ++index) {
    const PhaseSpread& spread = report.phases[index];
    std::string name(name_of(reported_phases[index]));
    name.resize(11, ' ');
    out << "  " << name << seconds_text(spread.min).substr(2) << seconds_text(spread.mean)
        << seconds_text(spread.max);
    if (reported_phases[index] == Phase::evolve && plan.ranks > 1)
      out << "  (imbalance " << formatted("%.1f", 100.0 * report.imbalance) << " %)";
    if (reported_phases[index] == Phase::evolve && !report.evolve_parts.empty())
      out << "  (" << parts_text(report.evolve_parts) << ")";
    if (reported_phases[index] == Phase::write) out << "  (on the writer's thread, beside the rest)";
    out << "\n";
  }
  print_memory(out, plan, report);
  out << "\n"
      << "  wall time    " << duration_text(report.wall_seconds) << "\n"
      << "  speed        " << rate_text(report.particle_steps_per_second)
      << " particle-steps per second while evolving\n";
  if (!report.evolve_counts.empty()) out << "  meanwhile    " << counts_text(report.evolve_counts) << "\n";
  if (report.energy_drift) {
    out << "  energy       drifted by " << formatted("%.2g", report.energy_drift->per_particle)
        << " per particle, " << formatted("%.2g", 100.0 * report.energy_drift->relative)
        << " % of the kinetic energy\n";
  }
  out << "  memory       at most " << bytes_text(static_cast<double>(report.peak_bytes_most))
      << " on a rank, " << bytes_text(static_cast<double>(report.peak_bytes_all_ranks)) << " in all";
  if (plan.particles > 0)
    out << ", " << std::llround(report.peak_bytes_per_particle) << " bytes per particle";
  out << "\n  wrote        " << plan.file << ", " << report.frames
      << (report.frames == 1 ? " frame" : " frames") << "\n"
      << std::flush;
}

}  // namespace orrery
