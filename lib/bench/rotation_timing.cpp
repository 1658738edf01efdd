#include "bench/rotation_timing.hpp"

#include <algorithm>
#include <cmath>

#include "bench/rotation_case.hpp"
#include "integrators/independent_motion.hpp"

namespace orrery {
namespace {

constexpr std::int64_t least_steps = 100;

void nothing_meanwhile(double) {}

}  // namespace

double RotationTiming::case_seconds() const {
  return 1e-9 * ns_per_particle_step.median * static_cast<double>(particles) *
         static_cast<double>(RotationCase::steps);
}

std::int64_t steps_per_call(double seconds_per_step, const RepeatRules& rules) {
  const double steps = std::floor(rules.most_seconds / seconds_per_step);
  return static_cast<std::int64_t>(
      std::clamp(steps, static_cast<double>(least_steps), static_cast<double>(RotationCase::steps)));
}

RotationTiming time_rotation(const Communicator& ranks, const RotationForm& form, ParticleStore& particles,
                             std::int64_t total, const MachineLimits& limits, const RepeatRules& rules) {
  const RotationLaw law = form.law();
  IndependentMotion motion(law, RotationCase::step, particles);
  motion.begin();

  RotationTiming timing{.form = form.name(),
                        .particles = total,
                        .ranks = ranks.size(),
                        .threads = limits.threads,
                        .is_closed = form.is_closed(),
                        .limit = form.limit};
  // A stepped form goes on from where it is; a closed one jumps from the start each time.
  Range next;
  const auto go = [&](std::int64_t steps, std::int64_t calls) {
    for (std::int64_t call = 0; call < calls; ++call) {
      next = timing.is_closed ? Range{0, steps} : Range{next.end, next.end + steps};
      motion.evolve(next, nothing_meanwhile);
    }
  };
  const std::int64_t first_steps = timing.is_closed ? RotationCase::steps : least_steps;
  const double seconds = warm_up(ranks, rules, [&](std::int64_t calls) { go(first_steps, calls); });
  const double seconds_per_step = seconds / static_cast<double>(first_steps);
  timing.steps = timing.is_closed ? first_steps : steps_per_call(seconds_per_step, rules);
  timing.calls = calls_per_repeat(seconds_per_step * static_cast<double>(timing.steps), rules);

  const double particle_steps = static_cast<double>(total) * static_cast<double>(timing.steps);
  timing.ns_per_particle_step = seconds_per_call(ranks, rules, timing.calls, [&](std::int64_t calls) {
                                  go(timing.steps, calls);
                                }).times(1e9 / particle_steps);
  const double steps_per_item_count = timing.is_closed ? static_cast<double>(timing.steps) : 1.0;
  timing.limit_ns_per_particle_step = form.items * limits.best(form.limit) / steps_per_item_count;
  return timing;
}

}  // namespace orrery
