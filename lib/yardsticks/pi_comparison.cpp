#include "yardsticks/pi_comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <vector>

#include "core/error.hpp"
#include "core/stopwatch.hpp"
#include "yardsticks/pi_kernel.hpp"
#include "yardsticks/plain_pi.hpp"

namespace orrery {
namespace {

constexpr int turns = 5;

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + turns / 2, values.end());
  return values[turns / 2];
}

/// Samples per second; what was counted shows that the work was done.
template <class Count>
double speed(std::int64_t samples, Count&& count) {
  const Stopwatch watch;
  const std::int64_t hits = count(samples);
  const double seconds = watch.seconds();
  ensure(std::abs(static_cast<double>(hits) / static_cast<double>(samples) - 0.785398) < 0.01,
         "the share of hits is about pi/4");
  return static_cast<double>(samples) / seconds;
}

void print_loop(std::ostream& out, const char* name, double samples_per_second, double ours) {
  std::array<char, 128> line{};
  std::snprintf(line.data(), line.size(), "  %-52s %8.1f M/s %8.1f\n", name, samples_per_second / 1e6,
                ours / samples_per_second);
  out << line.data();
}

}  // namespace

PiComparison compare_with_plain_loops(std::uint64_t seed) {
  std::vector<double> ours;
  std::vector<double> plain;
  std::vector<double> by_hand;
  for (int turn = 0; turn < turns; ++turn) {
    ours.push_back(speed(50'000'000, [&](std::int64_t n) { return count_hits(seed, {0, n}); }));
    plain.push_back(speed(2'000'000, [&](std::int64_t n) { return count_hits_plainly(seed, n); }));
    by_hand.push_back(speed(5'000'000, [&](std::int64_t n) { return count_hits_by_hand(seed, n); }));
  }
  return {median(ours), median(plain), median(by_hand)};
}

void print_comparison(std::ostream& out, const PiComparison& comparison) {
  out << "\n  on one thread of rank 0 (medians of " << turns
      << " turns)           samples/s   times slower\n";
  print_loop(out, "this program", comparison.ours, comparison.ours);
  print_loop(out, "std::mt19937_64, 53 bits scaled by hand", comparison.by_hand, comparison.ours);
  print_loop(out, "std::mt19937_64, std::uniform_real_distribution", comparison.plain, comparison.ours);
  out << std::flush;
}

}  // namespace orrery
