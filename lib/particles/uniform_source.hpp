/// Particles drawn at random, uniform in a box. Any rank can make any of them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "particles/particle_options.hpp"
#include "particles/particle_source.hpp"
#include "particles/uniform_kernel.hpp"

namespace orrery {

/// Every number is a pure function of seed, particle id and quantity (Philox4x32-10: Salmon, Moraes, Dror,
/// Shaw, SC11), so the same id is the same particle whoever makes it.
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

/// 128 random bits, a pure function of stream and id. The seed is the key and the rest the counter: adding
/// seed and id would give neighbouring seeds shifted copies of the same numbers.
std::array<std::uint64_t, 2> random_bits(const RandomStream& stream, std::uint64_t id);

/// A number in [low, high] from 64 random bits: its 53 leading bits as a fraction of the way from low to
/// high.
double uniform_number(std::uint64_t bits, double low, double high);

}  // namespace orrery
