#include "bench/bench_pairs.hpp"

#include <ostream>
#include <vector>

#include "bench/bench_setup.hpp"
#include "bench/pairs_report.hpp"
#include "observe/text_file.hpp"

namespace orrery {

void bench_pairs(const Communicator& ranks, const PairsOptions& options, std::ostream& out,
                 std::ostream& warnings) {
  const bool speaks = ranks.is_root();
  TextFile file;  // whether it can be written is known before anything is timed
  ranks.apply([&] {
    for (const std::uint64_t particles : options.particles) Melt::cells(particles);
    if (speaks && !options.json.empty()) file = TextFile("", options.json);
  });
  const ThreadShare share = share_threads(ranks, static_cast<int>(options.threads));
  PairsResult result{
      .setup = set_up_bench(ranks, static_cast<int>(options.repeats), share), .options = options, .rows = {}};
  if (speaks) {
    warn_of_crowding(share, warnings);
    print_pairs_heading(out, result);
  }
  std::vector<int> thread_counts{1};  // of this rank
  if (result.setup.threads > 1) thread_counts.push_back(share.threads);
  for (const std::uint64_t particles : options.particles) {
    const MeltStart start = draw_melt(particles, ranks);
    for (const int threads : thread_counts) {
      for (const std::string& precision : options.precision) {
        result.rows.push_back(time_pairs(ranks, start, options, static_cast<std::int64_t>(particles), threads,
                                         precision_named(precision)));
        if (speaks) print_row(out, result.rows.back());
      }
    }
  }
  if (speaks) {
    print_sums(out, result);
    print_growth(out, result);
  }
  ranks.apply([&] {
    if (file.is_open()) file.write(json_of(result));
    file.take_name();
  });
}

}  // namespace orrery
