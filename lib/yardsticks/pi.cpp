#include "yardsticks/pi.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <ostream>
#include <span>
#include <vector>

#include "comm/thread_share.hpp"
#include "core/number_text.hpp"
#include "core/stopwatch.hpp"
#include "farm/farm.hpp"
#include "farm/farm_progress.hpp"
#include "yardsticks/pi_comparison.hpp"
#include "yardsticks/pi_kernel.hpp"

namespace orrery {
namespace {

/// Samples that a thread counts between looks at other matters: a few milliseconds.
constexpr std::int64_t samples_per_look = std::int64_t{1} << 22U;
/// Fewer are not worth a team of threads.
constexpr std::int64_t samples_per_thread = std::int64_t{1} << 14U;

/// What a rank did of it.
struct Share {
  std::int64_t samples = 0;
  double busy = 0.0;  ///< [s]
  int threads = 1;
};

std::int64_t count_on_threads(std::uint64_t seed, Range samples, int threads) {
  const auto worth = static_cast<int>(std::min<std::int64_t>(threads, samples.size() / samples_per_thread));
  if (worth <= 1) return count_hits(seed, samples);
  const EvenSplit split(samples.size(), worth);
  std::int64_t hits = 0;
#pragma omp parallel for num_threads(worth) schedule(static) reduction(+ : hits)
  for (int thread = 0; thread < worth; ++thread) {
    const Range part = split.part(thread);
    hits += count_hits(seed, {samples.begin + part.begin, samples.begin + part.end});
  }
  return hits;
}

/// Counts hits on all threads of this rank, and its own time. Local.
template <class Check>
std::int64_t count_and_note(const PiOptions& options, Range samples, Share& share, Check&& check) {
  const Stopwatch busy;
  std::int64_t hits = 0;
  const std::int64_t piece = samples_per_look * share.threads;
  for (std::int64_t begin = samples.begin; begin < samples.end; begin += piece) {
    check();
    hits += count_on_threads(options.seed, {begin, std::min(begin + piece, samples.end)}, share.threads);
  }
  share.samples += samples.size();
  share.busy += busy.seconds();
  return hits;
}

std::string identity_of(const PiOptions& options) {
  return "pi samples " + std::to_string(options.samples) + " seed " + std::to_string(options.seed) +
         " chunk " + std::to_string(options.samples_per_task());
}

std::string progress_text(const FarmReport& report, const PiOptions& options) {
  return std::to_string(report.done) + " of " + std::to_string(report.tasks) + " tasks are done" +
         (options.journal.empty() ? " (with --journal they would be kept)"
                                  : "; the same command goes on from '" + options.journal + "'");
}

/// Collective; complete on the root.
std::int64_t count_by_farm(const Communicator& ranks, const PiOptions& options,
                           const std::function<bool()>& stop_requested, std::ostream& out, Share& share,
                           FarmReport& report) {
  Farm farm(ranks, {.chunk = static_cast<std::int64_t>(options.batch),
                    .root = RootWork::always,  // tasks check every few milliseconds
                    .journal = options.journal,
                    .identity = identity_of(options),
                    .stop_requested = stop_requested});
  FarmProgress progress(out, "tasks", options.task_count(), 5.0);
  std::int64_t hits = 0;
  report = farm.run(
      TaskGraph(options.task_count()),
      [&](TaskContext& context) {
        return bytes_of(
            count_and_note(options, options.samples_of(context.task()), share, [&] { context.check(); }));
      },
      [&](const TaskResult& result) {
        hits += value_of<std::int64_t>(result.data);
        progress.tell(result);
      });
  ranks.apply([&] {
    if (!ranks.is_root() || report.complete()) return;
    if (report.cancelled) throw Error(ExitCode::stopped, "stopped: " + progress_text(report, options));
    throw Error(ExitCode::simulation_failed, progress_text(report, options) + "\n" + failures_text(report));
  });
  return hits;
}

/// Collective; complete on the root.
std::int64_t count_by_map(const Communicator& ranks, const PiOptions& options, Share& share) {
  std::vector<Range> tasks;
  if (ranks.is_root()) {
    for (std::int64_t task = 0; task < options.task_count(); ++task)
      tasks.push_back(options.samples_of(task));
  }
  const auto hits = ranks.map(
      [&](const Range& samples) {
        return count_and_note(options, samples, share, [&] { ranks.check_alarm(); });
      },
      std::span<const Range>(tasks));
  std::int64_t sum = 0;
  for (const std::int64_t part : hits) sum += part;
  return sum;
}

std::string grouped(std::int64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) text += ',';
    text += digits[at];
  }
  return text;
}

std::string fixed(double number, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, number);
  return text.data();
}

void print_setup(std::ostream& out, const Communicator& ranks, const PiOptions& options, int most_threads) {
  out << "pi by chance: " << grouped(static_cast<std::int64_t>(options.samples)) << " samples, seed "
      << options.seed << "\n  ranks        " << ranks.size() << ", threads per rank " << most_threads
      << ", instructions " << pi_instruction_set() << "\n  via          "
      << (options.via == PiVia::farm ? "farm" : "map") << ", " << grouped(options.task_count())
      << (options.task_count() == 1 ? " task" : " tasks") << " of " << grouped(options.samples_per_task())
      << (options.samples_per_task() == 1 ? " sample" : " samples") << "\n"
      << std::flush;
}

void print_estimate(std::ostream& out, const PiEstimate& estimate) {
  const double off = estimate.value() - std::numbers::pi;
  out << "  hits         " << estimate.hits << "\n  pi           " << fixed(estimate.value(), 9)
      << " with standard error " << fixed(estimate.standard_error(), 9);
  if (estimate.standard_error() > 0.0)
    out << " (" << fixed(std::abs(off) / estimate.standard_error(), 2) << " of these from pi)";
  out << "\n";
}

void print_ranks(std::ostream& out, std::span<const Share> shares, double wall) {
  std::int64_t samples = 0;
  int threads = 0;
  for (const auto& share : shares) {
    samples += share.samples;
    threads += share.threads;
  }
  out << "  samples/s    " << grouped(std::llround(static_cast<double>(samples) / wall)) << " in "
      << duration_text(wall) << ", " << grouped(std::llround(static_cast<double>(samples) / wall / threads))
      << " per thread\n"
      << "\n  rank          samples       busy   samples/s while busy   efficiency\n";
  for (std::size_t rank = 0; rank < shares.size(); ++rank) {
    const auto& share = shares[rank];
    const double speed = share.busy > 0.0 ? static_cast<double>(share.samples) / share.busy : 0.0;
    std::array<char, 128> line{};
    std::snprintf(line.data(), line.size(), "  %-4zu %16s %10s %22s %10.1f %%\n", rank,
                  grouped(share.samples).c_str(), duration_text(share.busy).c_str(),
                  grouped(std::llround(speed)).c_str(), 100.0 * share.busy / wall);
    out << line.data();
  }
}

void warn_of_crowding(const ThreadShare& share, std::ostream& warnings) {
  const auto processors = std::ssize(share.all_processors);
  if (share.node_threads <= processors) return;
  warnings << "orrery: warning: " << share.node_threads << " threads on " << processors
           << (processors == 1 ? " processor" : " processors")
           << " (they will take turns); use fewer ranks, or set --threads\n"
           << std::flush;
}

}  // namespace

double PiEstimate::value() const {
  return 4.0 * static_cast<double>(hits) / static_cast<double>(samples);
}

double PiEstimate::standard_error() const {
  const double share = static_cast<double>(hits) / static_cast<double>(samples);
  return 4.0 * std::sqrt(share * (1.0 - share) / static_cast<double>(samples));
}

std::int64_t estimate_pi(const Communicator& ranks, const PiOptions& options,
                         const std::function<bool()>& stop_requested, std::ostream& out,
                         std::ostream& warnings) {
  const bool speaks = ranks.is_root();
  const ThreadShare threads = share_threads(ranks, static_cast<int>(options.threads));
  double most_threads = threads.threads;
  ranks.maximum(std::span(&most_threads, 1));
  if (speaks) {
    warn_of_crowding(threads, warnings);
    print_setup(out, ranks, options, static_cast<int>(most_threads));
  }
  Share share{.threads = threads.threads};
  FarmReport report;
  const Stopwatch wall;
  const std::int64_t hits = options.via == PiVia::farm
                                ? count_by_farm(ranks, options, stop_requested, out, share, report)
                                : count_by_map(ranks, options, share);
  const double seconds = wall.seconds();
  const auto shares = ranks.pull(share);
  if (speaks) {
    print_estimate(out, {hits, static_cast<std::int64_t>(options.samples)});
    print_ranks(out, shares, seconds);
    if (options.via == PiVia::farm) print_farm_report(out, report);
  }
  if (options.compare) {
    ranks.apply([&] {
      if (speaks) print_comparison(out, compare_with_plain_loops(options.seed));
    });
  }
  return hits;
}

}  // namespace orrery
