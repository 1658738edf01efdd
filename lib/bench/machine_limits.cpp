#include "bench/machine_limits.hpp"

#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "bench/machine_loops.hpp"
#include "core/aligned_vector.hpp"
#include "core/error.hpp"
#include "core/even_split.hpp"

namespace orrery {
namespace {

std::int64_t sum_over(const Communicator& ranks, std::int64_t value) {
  ranks.sum(std::span(&value, 1));
  return value;
}

/// Threads meet at the end of a repeat alone: between calls they have nothing to wait for.
/// @param items  that all ranks together get done in one call of `work`
Spread ns_per_item(const Communicator& ranks, const RepeatRules& rules, double items, const Work& work) {
  const std::int64_t calls = calls_per_repeat(warm_up(ranks, rules, work), rules);
  return seconds_per_call(ranks, rules, calls, work).times(1e9 / items);
}

/// @param loop      one of the arithmetic loops
/// @param expected  what it comes to
Spread measure_arithmetic(const Communicator& ranks, int threads, const RepeatRules& rules,
                          double (*loop)(std::int64_t, double), std::size_t items_per_round,
                          double expected) {
  constexpr std::int64_t rounds = 2'000;  // a tenth of a millisecond or less
  std::vector<double> results(static_cast<std::size_t>(threads));
  const double items = static_cast<double>(rounds) * static_cast<double>(items_per_round) *
                       static_cast<double>(sum_over(ranks, threads));
  const Spread spread = ns_per_item(ranks, rules, items, [&](std::int64_t calls) {
#pragma omp parallel num_threads(threads)
    {
      const int thread = omp_get_thread_num();
      results[static_cast<std::size_t>(thread)] = loop(calls * rounds, 1.0 + 0.001 * thread);
    }
  });
  ranks.apply([&] {
    for (const double result : results)
      ensure(std::abs(result - expected) < 1e-9, "a loop that measures the machine did its work");
  });
  return spread;
}

/// The arrays of one rank. Every page is first touched by the thread that will use it.
class TriadArrays {
public:
  TriadArrays(std::int64_t lines, int threads) : lines_(lines), threads_(threads) {
    const std::size_t count = static_cast<std::size_t>(lines) * numbers_per_line;
    for (auto* array : {&to_, &a_, &b_}) array->resize(count);
    on_all_threads([this](std::size_t first, std::size_t numbers) {
      std::fill_n(to_.data() + first, numbers, 0.0);
      std::fill_n(a_.data() + first, numbers, 1.0);
      std::fill_n(b_.data() + first, numbers, 2.0);
    });
  }

  void work(const MachineLoops& loops, std::int64_t calls) {
    on_all_threads([&](std::size_t first, std::size_t numbers) {
      for (std::int64_t call = 0; call < calls; ++call)
        loops.triad(to_.data() + first, a_.data() + first, b_.data() + first, 0.25, numbers);
    });
  }

  bool is_done() const {
    return std::all_of(to_.begin(), to_.end(), [](double value) { return value == 1.5; });
  }

private:
  static constexpr std::size_t numbers_per_line = column_alignment / sizeof(double);

  /// Calls a function with the first number and the count of every thread's part.
  template <class Function>
  void on_all_threads(Function&& function) {
#pragma omp parallel num_threads(threads_)
    {
      const Range part = EvenSplit(lines_, threads_).part(omp_get_thread_num());
      function(static_cast<std::size_t>(part.begin) * numbers_per_line,
               static_cast<std::size_t>(part.size()) * numbers_per_line);
    }
  }

  std::int64_t lines_;
  int threads_;
  AlignedVector<double> to_, a_, b_;
};

}  // namespace

Spread measure_memory(const Communicator& ranks, int threads, const RepeatRules& rules,
                      std::size_t array_bytes) {
  constexpr double arrays = 3.0;
  const Communicator node = ranks.same_node();
  const std::int64_t lines = EvenSplit(static_cast<std::int64_t>(array_bytes / column_alignment), node.size())
                                 .part(node.rank())
                                 .size();
  TriadArrays triad = ranks.apply([&] { return TriadArrays(lines, threads); });
  const MachineLoops& loops = machine_loops();
  const double bytes =
      arrays * static_cast<double>(column_alignment) * static_cast<double>(sum_over(ranks, lines));
  const Spread spread =
      ns_per_item(ranks, rules, bytes, [&](std::int64_t calls) { triad.work(loops, calls); });
  ranks.apply([&] { ensure(triad.is_done(), "the loop that measures memory did its work"); });
  return spread;
}

MachineLimits measure_limits(const Communicator& ranks, int threads, const RepeatRules& rules,
                             std::size_t array_bytes) {
  const MachineLoops& loops = machine_loops();
  double most_threads = threads;
  ranks.maximum(std::span(&most_threads, 1));
  MachineLimits limits;
  limits.threads = static_cast<int>(most_threads);
  limits[Limit::divider] = measure_arithmetic(ranks, threads, rules, loops.divide, loops.divisions_per_round,
                                              MachineLoops::divided);
  limits[Limit::multiply_add] = measure_arithmetic(ranks, threads, rules, loops.multiply_add,
                                                   loops.multiply_adds_per_round, MachineLoops::multiplied);
  limits[Limit::memory] = measure_memory(ranks, threads, rules, array_bytes);
  return limits;
}

std::size_t large_array_bytes() {
  constexpr std::size_t least = std::size_t{1} << 27;
  const long cache = sysconf(_SC_LEVEL3_CACHE_SIZE);  // 0 or -1 where the system does not say
  return std::max(least, 4 * static_cast<std::size_t>(std::max(0L, cache)));
}

}  // namespace orrery
