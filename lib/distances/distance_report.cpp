#include "distances/distance_report.hpp"

#include <iomanip>
#include <ostream>
#include <sstream>

#include "core/number_text.hpp"
#include "core/version.hpp"

namespace orrery {
namespace {

std::string rounded(double value, int digits) {
  std::ostringstream text;
  text << std::setprecision(digits) << value;
  return text.str();
}

std::string box_text(const std::vector<double>& edges) {
  std::string text;
  for (const double edge : edges) text += (text.empty() ? "" : " x ") + (edge > 0.0 ? to_text(edge) : "open");
  return text;
}

std::string memory_text(const DistanceTask& task) {
  if (task.bytes == 0) return "-";
  const double speed = static_cast<double>(task.bytes) / task.seconds;
  std::string text = rounded(speed / 1e9, 3) + " GB/s";
  if (task.memory_bytes_per_second) {
    std::ostringstream share;
    share << std::fixed << std::setprecision(0) << 100.0 * speed / *task.memory_bytes_per_second;
    text += ", " + share.str() + " % of " + rounded(*task.memory_bytes_per_second / 1e9, 3);
  }
  return text;
}

}  // namespace

void print_distance_setup(std::ostream& out, const DistanceSetup& setup) {
  out << "orrery " << version() << ", distances\n"
      << "  points       " << setup.points << " in " << setup.axes << " dimensions, " << setup.origin << "\n"
      << "  metric       " << setup.metric
      << (setup.edges.empty() ? "" : ", periodic box " + box_text(setup.edges)) << "\n"
      << "  compiler     " << compiler() << ", " << setup.instruction_set << " instructions\n"
      << "  ranks        " << setup.ranks << ", threads per rank " << setup.threads << " (processors "
      << setup.processors << (setup.ranks > 1 ? " for rank 0" : "") << ")\n"
      << std::flush;
}

void print_distance_heading(std::ostream& out) {
  out << "\n"
      << std::left << std::setw(11) << "task" << std::right << std::setw(10) << "points" << std::setw(16)
      << "pairs" << std::setw(12) << "seconds" << std::setw(12) << "pairs/s" << std::setw(26)
      << "memory written"
      << "  result\n"
      << std::flush;
}

void print_distance_task(std::ostream& out, const DistanceTask& task) {
  const double pairs = static_cast<double>(task.pairs());
  out << std::left << std::setw(11) << task.name << std::right << std::setw(10) << task.points
      << std::setw(16) << task.pairs() << std::setw(12) << rounded(task.seconds, 4) << std::setw(12)
      << rounded(pairs / task.seconds, 3) << std::setw(26) << memory_text(task) << "  " << task.result << "\n"
      << std::flush;
}

std::string histogram_text(const HistogramBins& bins, const std::vector<std::int64_t>& counts) {
  std::string text = "low,high,count\n";
  const auto& edges = bins.edges();
  for (std::size_t bin = 0; bin <= bins.bins(); ++bin) {
    const std::string high = bin < bins.bins() ? to_text(edges[bin + 1]) : "inf";
    text.append(to_text(edges[bin])).append(",").append(high).append(",");
    text.append(std::to_string(counts[bin])).append("\n");
  }
  return text;
}

}  // namespace orrery
