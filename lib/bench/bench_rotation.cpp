#include "bench/bench_rotation.hpp"

#include <omp.h>

#include <array>
#include <ctime>
#include <optional>
#include <ostream>
#include <span>
#include <vector>

#include "bench/bench_json.hpp"
#include "bench/bench_report.hpp"
#include "bench/bench_result.hpp"
#include "bench/result_file.hpp"
#include "bench/rotation_case.hpp"
#include "core/processors.hpp"
#include "integrators/instruction_set.hpp"
#include "simulation/thread_share.hpp"

namespace orrery {
namespace {

/// Time of day where nobody asks for the zone.
std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

int most_over(const Communicator& ranks, int value) {
  double most = value;
  ranks.maximum(std::span(&most, 1));
  return static_cast<int>(most);
}

/// Collective; complete on the root.
BenchSetup set_up(const Communicator& ranks, const BenchOptions& options, const ThreadShare& share) {
  BenchSetup setup;
  setup.processor = processor_name();
  setup.instruction_set = ranks.apply([] { return choose_instruction_set("auto"); });
  setup.ranks = ranks.size();
  setup.threads = most_over(ranks, share.threads);
  setup.processors = processor_list_text(share.processors);
  setup.repeats = static_cast<int>(options.repeats);
  setup.date = utc_now();
  return setup;
}

void warn_of_crowding(const ThreadShare& share, std::ostream& warnings) {
  const auto processors = std::ssize(share.all_processors);
  if (share.node_threads <= processors) return;
  warnings << "orrery: warning: " << share.node_threads << " threads on " << processors
           << (processors == 1 ? " processor" : " processors")
           << " (they will take turns, and the figures say little); use fewer ranks, or set --threads\n"
           << std::flush;
}

}  // namespace

void bench_rotation(const Communicator& ranks, const BenchOptions& options, std::ostream& out,
                    std::ostream& warnings) {
  const bool speaks = ranks.is_root();
  std::optional<ResultFile> file;
  ranks.apply([&] {
    if (speaks && !options.json.empty()) file.emplace(options.json);
  });
  const ThreadShare share = share_threads(ranks, static_cast<int>(options.threads));
  const RepeatRules rules = options.rules();
  BenchResult result;
  result.setup = set_up(ranks, options, share);
  if (speaks) {
    warn_of_crowding(share, warnings);
    print_setup(out, result.setup);
  }

  std::vector<int> thread_counts{1};  // of this rank
  if (result.setup.threads > 1) thread_counts.push_back(share.threads);
  for (const int threads : thread_counts)
    result.limits.push_back(measure_limits(ranks, threads, rules, options.array_bytes()));
  if (speaks) {
    print_limits(out, result.limits);
    print_heading(out);
  }

  for (const std::uint64_t count : options.particles) {
    const auto particles = static_cast<std::int64_t>(count);
    const std::size_t first = result.rows.size();
    omp_set_num_threads(share.threads);
    ParticleStore store = draw_rotation_case(particles, ranks);
    for (const auto& name : options.forms) {
      for (std::size_t index = 0; index < thread_counts.size(); ++index) {
        omp_set_num_threads(thread_counts[index]);
        result.rows.push_back(
            time_rotation(ranks, rotation_form(name), store, particles, result.limits[index], rules));
      }
    }
    if (speaks) print_rows(out, particles, std::span(result.rows).subspan(first));
  }
  if (speaks) print_notes(out, result);
  ranks.apply([&] {
    if (file) file->write(json_of(result));
  });
}

}  // namespace orrery
