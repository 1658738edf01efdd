#include "yardsticks/pi_options.hpp"

#include <algorithm>

namespace orrery {
namespace {

constexpr std::uint64_t most_samples = 10'000'000'000'000;
/// The root keeps some bytes of each.
constexpr std::int64_t most_tasks = 10'000'000;

}  // namespace

void PiOptions::describe(OptionSet& options) {
  options.add("samples", samples, 1, most_samples, {"random points"});
  options.add_seed("seed", seed, {"seed of the random numbers"});
  options.add("chunk", chunk, 0, most_samples,
              {"samples of a task; 0 for a 4096th of all, within 2^18 and 2^30"});
  options.add_choice("via", via, {{"farm", PiVia::farm}, {"map", PiVia::map}},
                     {"tasks for ranks that are free, or an even block for each rank"});
  options.add("batch", batch, 0, 1'000'000,
              {"tasks that the farm hands out at once; 0 goes by the times they take"});
  options.add("threads", threads, 0, 4096,
              {"threads per rank; 0 shares the node's processors among its ranks"});
  options.add_file("journal", journal, FileUse::written,
                   {"file that the farm goes on from when it was stopped or killed"});
  options.add("compare", compare, {"time plain loops over std::mt19937_64 as well, on one thread"});
}

void PiOptions::validate() const {
  if (task_count() > most_tasks) {
    throw OptionConflict({"chunk", "samples"}, "chunk " + std::to_string(chunk) + " makes " +
                                                   std::to_string(task_count()) + " tasks (" +
                                                   std::to_string(most_tasks) +
                                                   " are the most); raise chunk, or lower samples");
  }
  if (via == PiVia::map && !journal.empty())
    throw OptionConflict({"journal"}, "journal has no effect while via is map; leave it out or change via");
  if (via == PiVia::map && batch > 0)
    throw OptionConflict({"batch"}, "batch has no effect while via is map; leave it out or change via");
}

std::int64_t PiOptions::samples_per_task() const {
  if (chunk > 0) return static_cast<std::int64_t>(chunk);
  return static_cast<std::int64_t>(
      std::clamp(samples / 4096, std::uint64_t{1} << 18U, std::uint64_t{1} << 30U));
}

std::int64_t PiOptions::task_count() const {
  const auto per_task = static_cast<std::uint64_t>(samples_per_task());
  return static_cast<std::int64_t>((samples + per_task - 1) / per_task);
}

Range PiOptions::samples_of(std::int64_t task) const {
  const std::int64_t per_task = samples_per_task();
  return {task * per_task, std::min(static_cast<std::int64_t>(samples), (task + 1) * per_task)};
}

}  // namespace orrery
