/// Times one form of the rotation on one set of particles.
#pragma once

#include <cstdint>

#include "bench/machine_limits.hpp"
#include "bench/repeats.hpp"
#include "bench/rotation_forms.hpp"
#include "comm/communicator.hpp"
#include "particles/particle_store.hpp"

namespace orrery {

/// What one form took for some particles on some threads.
struct RotationTiming {
  std::string form;
  std::int64_t particles = 0;  ///< of all ranks
  int ranks = 1;
  int threads = 1;                ///< of the rank with most
  std::int64_t steps = 0;         ///< that one call goes, or jumps
  std::int64_t calls = 1;         ///< in each repeat
  bool is_closed = false;         ///< each call jumps
  Spread ns_per_particle_step{};  ///< over the repeats
  Limit limit = Limit::divider;   ///< what the form can come near to
  double limit_ns_per_particle_step = 0.0;

  /// 1 where the machine can do no more.
  double fraction_of_limit() const { return limit_ns_per_particle_step / ns_per_particle_step.median; }
  /// The time that the steps of the case take [s].
  double case_seconds() const;
  /// The time for one particle to jump, however far; of closed forms alone.
  double ns_per_jump() const { return ns_per_particle_step.median * static_cast<double>(steps); }
};

/// Steps for one call of a stepped form: as many as `most_seconds` allow, up to those of the case. From a
/// hundred on, loading and storing the particles hardly counts; so they are the least, however long they
/// take.
std::int64_t steps_per_call(double seconds_per_step, const RepeatRules& rules);

/// Moves the particles on and on with the OpenMP threads of this rank. Collective.
/// @param particles  this rank's share; their state is whatever it comes to
/// @param total      particles of all ranks
/// @param limits     with as many threads
RotationTiming time_rotation(const Communicator& ranks, const RotationForm& form, ParticleStore& particles,
                             std::int64_t total, const MachineLimits& limits, const RepeatRules& rules);

}  // namespace orrery
