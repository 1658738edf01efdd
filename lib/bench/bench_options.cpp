#include "bench/bench_options.hpp"

#include "bench/machine_limits.hpp"
#include "bench/rotation_forms.hpp"

namespace orrery {

BenchOptions::BenchOptions() : forms(rotation_form_names()) {}

void BenchOptions::describe(OptionSet& options) {
  options.add("particles", particles, 1, 1'000'000'000, {"numbers of particles, each timed by itself"});
  options.add_names("forms", forms, rotation_form_names(), {"forms of the motion"});
  options.add("repeats", repeats, 1, 1000, {"how often each figure is measured; the median counts"});
  options.add("threads", threads, 0, 4096,
              {"threads per rank, beside one; 0 shares the node's processors among its ranks"});
  options.add_file("json", json, FileUse::written, {"file for the figures; an existing one is replaced"});
  options.add("quick", quick, {"a trial of a few seconds: other options have smaller defaults"});
}

void BenchOptions::be_quick() {
  particles = {100, 10'000};
  repeats = 3;
}

RepeatRules BenchOptions::rules() const {
  RepeatRules rules;
  rules.repeats = static_cast<int>(repeats);
  if (quick) {
    rules.least_seconds = 0.002;
    rules.most_seconds = 0.02;
  }
  return rules;
}

std::size_t BenchOptions::array_bytes() const {
  constexpr std::size_t small = std::size_t{1} << 25;
  return quick ? small : large_array_bytes();
}

}  // namespace orrery
