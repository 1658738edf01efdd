#include "bench/bench_result.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace orrery {

double speed_up_of(const RotationTiming& row, std::span<const RotationTiming> rows) {
  const auto alone = std::find_if(rows.begin(), rows.end(), [&row](const RotationTiming& other) {
    return other.form == row.form && other.particles == row.particles && other.threads == 1;
  });
  ensure(alone != rows.end(), "every case is timed on one thread");
  return alone->ns_per_particle_step.median / row.ns_per_particle_step.median;
}

}  // namespace orrery
