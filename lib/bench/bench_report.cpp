#include "bench/bench_report.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>

#include "bench/book_figures.hpp"
#include "bench/limit_names.hpp"
#include "bench/rotation_case.hpp"
#include "core/version.hpp"

namespace orrery {
namespace {

std::string rounded(double value, int digits) {
  std::ostringstream text;
  text << std::setprecision(digits) << value;
  return text.str();
}

/// With three digits and a unit.
std::string time_text(double seconds) {
  static constexpr std::array units{"s", "ms", "us"};
  std::size_t unit = 0;
  while (seconds < 0.9995 && unit + 1 < units.size()) {
    seconds *= 1000.0;
    ++unit;
  }
  return rounded(seconds, 3) + " " + units[unit];
}

std::string percent_text(double fraction) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(fraction < 0.0995 ? 1 : 0) << 100.0 * fraction << " %";
  return text.str();
}

std::string threads_text(int threads) {
  return std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

/// The columns that a row of ours and one of the book have in common.
std::string columns(std::string_view particles, std::string_view form, std::string_view threads,
                    std::string_view time, std::string_view ns) {
  std::ostringstream line;
  line << std::setw(10) << particles << "  " << std::left << std::setw(10) << form << std::right
       << std::setw(7) << threads << std::setw(11) << time << std::setw(15) << ns;
  return line.str();
}

/// The columns that only our rows have.
std::string more_columns(std::string_view spread, std::string_view jump, std::string_view fraction,
                         std::string_view speed_up) {
  std::ostringstream line;
  line << std::setw(8) << spread << std::setw(13) << jump << std::setw(22) << fraction;
  if (!speed_up.empty()) line << std::setw(10) << speed_up;
  return line.str();
}

double most_spread(const BenchResult& result) {
  double most = 0.0;
  for (const auto& row : result.rows) most = std::max(most, row.ns_per_particle_step.relative());
  for (const auto& measured : result.limits) {
    for (const auto& spread : measured.ns_per_item) most = std::max(most, spread.relative());
  }
  return most;
}

}  // namespace

void print_setup(std::ostream& out, const BenchSetup& setup) {
  out << "orrery " << version() << ", benchmark rotation\n"
      << "  processor    " << setup.processor << ", " << setup.instruction_set << " instructions\n"
      << "  compiler     " << compiler() << "\n"
      << "  ranks        " << setup.ranks << ", threads per rank up to " << setup.threads << " (processors "
      << setup.processors << (setup.ranks > 1 ? " for rank 0" : "") << ")\n"
      << "  repeats      " << setup.repeats << ", of which the median counts; of the limits, the best\n"
      << std::flush;
}

void print_limits(std::ostream& out, std::span<const MachineLimits> limits) {
  out << "\n" << std::left << std::setw(42) << "limits of the machine" << std::right;
  for (const auto& measured : limits) out << std::setw(14) << threads_text(measured.threads) << "   spread";
  out << "\n";
  for (const Limit limit : all_limits) {
    const LimitNames& names = names_of(limit);
    out << "  " << std::left << std::setw(14) << names.key << std::setw(26) << names.title << std::right;
    for (const auto& measured : limits) {
      out << std::setw(14) << (rounded(in_unit_of(limit, measured.best(limit)), 3) + " " + names.unit)
          << std::setw(9) << percent_text(measured[limit].relative());
    }
    out << "\n";
  }
  out << std::flush;
}

void print_heading(std::ostream& out) {
  out << "\n"
      << columns("", "", "", "", "ns per") << "\n"
      << columns("particles", "form", "threads", "time", "particle-step")
      << more_columns("spread", "ns per jump", "of the limit", "speed-up") << "\n";
}

void print_rows(std::ostream& out, std::int64_t particles, std::span<const RotationTiming> rows) {
  for (const auto& row : rows) {
    out << columns(std::to_string(particles), row.form, std::to_string(row.threads),
                   time_text(row.case_seconds()), rounded(row.ns_per_particle_step.median, 4))
        << more_columns(percent_text(row.ns_per_particle_step.relative()),
                        row.is_closed ? rounded(row.ns_per_jump(), 3) : "",
                        percent_text(row.fraction_of_limit()) + " " + names_of(row.limit).key,
                        row.threads > 1 ? rounded(speed_up_of(row, rows), 3) : "")
        << "\n";
  }
  for (const auto& figure : book_figures) {
    if (figure.particles != particles) continue;
    out << columns(std::to_string(particles), "book, " + std::to_string(book_year), "",
                   time_text(figure.seconds), rounded(figure.ns_per_particle_step(), 3))
        << "  " << figure.method << "\n";
  }
  out << std::flush;
}

void print_notes(std::ostream& out, const BenchResult& result) {
  out << "\n"
      << "time           what " << RotationCase::steps << " steps of " << RotationCase::step
      << " take; closed forms get there by one jump\n"
      << "particle-step  one particle going one step\n"
      << "of the limit   how much of what the machine can do at most is used\n"
      << "spread         from the least to the most of " << result.setup.repeats << " repeats\n";
  if (most_spread(result) > 0.1)
    out << "\nA spread above 10 % says that the machine had something else to do: measure again.\n";
  out << std::flush;
}

}  // namespace orrery
