#include "bench/bench_rotation.hpp"

#include <omp.h>

#include <ostream>
#include <span>
#include <vector>

#include "bench/bench_json.hpp"
#include "bench/bench_report.hpp"
#include "bench/bench_result.hpp"
#include "bench/bench_setup.hpp"
#include "bench/rotation_case.hpp"
#include "comm/thread_share.hpp"
#include "observe/text_file.hpp"

namespace orrery {

void bench_rotation(const Communicator& ranks, const BenchOptions& options, std::ostream& out,
                    std::ostream& warnings) {
  const bool speaks = ranks.is_root();
  TextFile file;  // whether it can be written is known before anything is timed
  ranks.apply([&] {
    if (speaks && !options.json.empty()) file = TextFile("", options.json);
  });
  const ThreadShare share = share_threads(ranks, static_cast<int>(options.threads));
  const RepeatRules rules = options.rules();
  BenchResult result;
  result.setup = set_up_bench(ranks, static_cast<int>(options.repeats), share);
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
    if (file.is_open()) file.write(json_of(result));
    file.take_name();
  });
}

}  // namespace orrery
