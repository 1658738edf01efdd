#include "bench/repeats.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "core/stopwatch.hpp"

namespace orrery {
namespace {

double longest(const Communicator& ranks, double seconds) {
  ranks.maximum(std::span(&seconds, 1));
  return seconds;
}

}  // namespace

double warm_up(const Communicator& ranks, const RepeatRules& rules, const Work& work) {
  const Stopwatch since_start;
  double shortest = std::numeric_limits<double>::infinity();
  do {
    const Stopwatch watch;
    work(1);
    shortest = std::min(shortest, watch.seconds());
  } while (since_start.seconds() < 0.5 * rules.least_seconds);
  return longest(ranks, shortest);
}

std::int64_t calls_per_repeat(double seconds_per_call, const RepeatRules& rules) {
  return std::max<std::int64_t>(1, std::llround(std::ceil(rules.least_seconds / seconds_per_call)));
}

Spread seconds_per_call(const Communicator& ranks, const RepeatRules& rules, std::int64_t calls,
                        const Work& work) {
  std::vector<double> samples;
  for (int repeat = 0; repeat < rules.repeats; ++repeat) {
    longest(ranks, 0.0);  // no rank begins before all have come
    const Stopwatch watch;
    work(calls);
    samples.push_back(longest(ranks, watch.seconds()) / static_cast<double>(calls));
  }
  return spread_of(std::move(samples));
}

}  // namespace orrery
