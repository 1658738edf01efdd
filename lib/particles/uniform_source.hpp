/// Particles drawn at random, uniform in a box. Any rank can make any of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "particles/particle_options.hpp"
#include "particles/particle_source.hpp"

namespace orrery {

/// Every number is a pure function of seed, particle id and quantity (Philox4x32-10: Salmon, Moraes, Dror,
/// Shaw, SC11), so the same id is the same particle on whichever rank it is made.
class UniformSource final : public ParticleSource {
public:
  /// @param parameters  names of the parameters that each particle has, in the order of their columns
  UniformSource(const ParticleOptions& options, const std::vector<std::string>& parameters);

  std::int64_t count() const override { return static_cast<std::int64_t>(options_.count); }
  bool consecutive_ids() const override { return true; }
  void read(Range range, ParticleRows& rows) override;

private:
  ParticleOptions options_;
  std::vector<ParameterRange> ranges_;  // of this source's parameters
};

}  // namespace orrery
