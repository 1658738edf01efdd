#include "bench/pairs_report.hpp"

#include <array>
#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <string_view>

#include "bench/growth_model.hpp"
#include "core/version.hpp"

namespace orrery {

using Json = nlohmann::ordered_json;

namespace {

std::string fixed(double value, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

std::string rounded(double value, int digits) {
  std::ostringstream text;
  text << std::setprecision(digits) << value;
  return text.str();
}

/// With a comma after every three digits.
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, 1, ',');
  return text;
}

/// Never "-0".
std::string whole_percent(double fraction) {
  return std::to_string(std::lround(100.0 * fraction)) + " %";
}

/// Right-aligned columns, each as wide as its heading and two more.
void print_line(std::ostream& out, const std::vector<std::string>& headings,
                const std::vector<std::string>& cells) {
  for (std::size_t column = 0; column < cells.size(); ++column)
    out << std::setw(static_cast<int>(headings[column].size()) + 2) << cells[column];
  out << "\n" << std::flush;
}

const std::vector<std::string> headings{
    "particles", "threads",  "precision",   "M atom-steps/s",  "ns per atom-step", "spread",      "pairs",
    "lists",     "exchange", "integration", "lists/100 steps", "bytes/particle",   "energy drift"};

struct Scale {
  double particles;
  double ranks;
};
constexpr std::array scales{Scale{1e9, 1e3}, Scale{1e9, 1e4}, Scale{1e12, 1e4}, Scale{1e12, 1e5}};

/// The machine of the growth model: its cores are like this one's.
const PairsTiming* largest_alone(const PairsResult& result) {
  const PairsTiming* largest = nullptr;
  for (const PairsTiming& row : result.rows)
    if (row.threads == 1 && row.precision == PairPrecision::full &&
        (largest == nullptr || row.particles > largest->particles))
      largest = &row;
  return largest;
}

}  // namespace

void print_pairs_heading(std::ostream& out, const PairsResult& result) {
  const BenchSetup& setup = result.setup;
  out << "orrery " << version() << ", benchmark pairs\n"
      << "  processor    " << setup.processor << ", " << setup.instruction_set << " instructions\n"
      << "  compiler     " << compiler() << "\n"
      << "  ranks        " << setup.ranks << ", threads per rank up to " << setup.threads << "\n"
      << "  case         Lennard-Jones melt from fcc, density " << Melt::density << ", temperature "
      << Melt::temperature << ", cut-off " << Melt::cutoff << ", step " << Melt::step << ", skin "
      << result.options.skin << "\n"
      << "  repeats      " << setup.repeats << " of " << result.options.steps << " steps, after "
      << result.options.melting << "; the median counts\n"
      << "\npairs, lists, exchange, integration: ns per atom-step, of the rank that takes longest for "
         "each\n\n";
  print_line(out, headings, headings);
}

void print_row(std::ostream& out, const PairsTiming& row) {
  print_line(
      out, headings,
      {std::to_string(row.particles), std::to_string(row.threads), std::string(name_of(row.precision)),
       fixed(row.million_atom_steps_per_second(), 2), fixed(row.ns_per_particle_step.median, 1),
       fixed(100.0 * row.ns_per_particle_step.relative(), 0) + " %", fixed(row.pairs, 1), fixed(row.lists, 1),
       fixed(row.exchange, 1), fixed(row.integration, 1), fixed(row.lists_per_100_steps, 1),
       fixed(row.bytes_per_particle, 0), rounded(row.energy_drift, 2)});
}

void print_sums(std::ostream& out, const PairsResult& result) {
  bool first = true;
  for (const PairsTiming& row : result.rows) {
    if (!row.sums) continue;
    const SumsTiming& sums = *row.sums;
    out << (first ? "\n" : "") << "Exact sums cost " << whole_percent(sums.cost()) << " over floating sums ("
        << grouped(row.particles) << " particles, 1 thread" << (row.ranks > 1 ? " of the first rank" : "")
        << ": forces take " << fixed(sums.exact_ns, 1) << " ns against " << fixed(sums.floating_ns, 1)
        << "; median of " << sums.turns << " in turns)\n";
    first = false;
  }
}

void print_growth(std::ostream& out, const PairsResult& result) {
  const PairsTiming* const row = largest_alone(result);
  if (row == nullptr) return;
  const GrowthMachine machine{
      .atom_steps_per_second = 1e6 * row->million_atom_steps_per_second() / row->ranks,
      .bytes_per_particle = row->bytes_per_particle};
  out << "\nLarger runs, worked out: ranks of " << machine.cores << " such cores, messages of "
      << 1e6 * machine.latency << " us and " << 1e-9 * machine.bandwidth << " GB/s\n\n";
  const std::vector<std::string> names{"particles",  "ranks",   "per rank",     "images %",
                                       "compute ms", "halo ms", "reduction us", "memory TB"};
  print_line(out, names, names);
  for (const Scale& scale : scales) {
    const GrowthCase growth{.particles = scale.particles,
                            .ranks = scale.ranks,
                            .density = Melt::density,
                            .reach = Melt::cutoff + result.options.skin};
    const GrowthEstimate found = estimate(growth, machine);
    print_line(
        out, names,
        {rounded(scale.particles, 1), rounded(scale.ranks, 1), rounded(found.particles, 1),
         rounded(100.0 * found.images / found.particles, 2), rounded(1e3 * found.compute, 3),
         rounded(1e3 * found.halo, 2), rounded(1e6 * found.reduction, 2), rounded(1e-12 * found.memory, 3)});
  }
}

std::string json_of(const PairsResult& result) {
  const BenchSetup& setup = result.setup;
  Json json{{"benchmark", "pairs"},
            {"version", version()},
            {"compiler", compiler()},
            {"processor", setup.processor},
            {"instruction_set", setup.instruction_set},
            {"date", setup.date},
            {"ranks", setup.ranks},
            {"threads", setup.threads},
            {"melting_steps", result.options.melting},
            {"steps_per_repeat", result.options.steps},
            {"skin", result.options.skin},
            {"rows", Json::array()},
            {"sums", Json::array()}};
  for (const PairsTiming& row : result.rows) {
    json["rows"].push_back({{"particles", row.particles},
                            {"ranks", row.ranks},
                            {"threads", row.threads},
                            {"precision", name_of(row.precision)},
                            {"repeats", setup.repeats},
                            {"million_atom_steps_per_second", row.million_atom_steps_per_second()},
                            {"ns_per_particle_step", row.ns_per_particle_step.median},
                            {"ns_per_particle_step_min", row.ns_per_particle_step.least},
                            {"ns_per_particle_step_max", row.ns_per_particle_step.most},
                            {"pairs_ns", row.pairs},
                            {"lists_ns", row.lists},
                            {"exchange_ns", row.exchange},
                            {"integration_ns", row.integration},
                            {"lists_per_100_steps", row.lists_per_100_steps},
                            {"bytes_per_particle", row.bytes_per_particle},
                            {"temperature", row.temperature},
                            {"energy_drift_per_particle", row.energy_drift}});
  }
  for (const PairsTiming& row : result.rows) {
    if (!row.sums) continue;
    json["sums"].push_back({{"particles", row.particles},
                            {"ranks", row.ranks},
                            {"turns", row.sums->turns},
                            {"exact_ns", row.sums->exact_ns},
                            {"floating_ns", row.sums->floating_ns},
                            {"exact_over_floating", row.sums->ratio.median},
                            {"exact_over_floating_min", row.sums->ratio.least},
                            {"exact_over_floating_max", row.sums->ratio.most}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace orrery
