/// Particles drawn at random in the box, no two nearer to each other than a given distance.
#pragma once

#include <cstdint>
#include <vector>

#include "particles/box.hpp"
#include "particles/particle_options.hpp"
#include "particles/particle_source.hpp"

namespace orrery {

/// Random sequential addition: places are drawn one after the other, uniform in the box, and a place too near
/// to a particle is passed over. Ids count the particles in the order in which they were placed, so the first
/// n are the same whatever their number. Every place is a pure function of seed and number of the attempt.
///
/// Placing is done by the constructor, by one rank alone, as if it read a file: 24 bytes a particle are kept,
/// and 8 bytes more while it works. Up to some 0.4 of the plane covered by discs whose diameter is the least
/// distance, or 0.3 of space by balls, it takes a few attempts a particle; the process comes to an end at
/// 0.547 and 0.384 (G. Zhang, S. Torquato, Phys. Rev. E 88, 053312 (2013)).
class RandomSource final : public ParticleSource {
public:
  /// Attempts before it gives up: so many for each particle placed so far, and so many more.
  static constexpr std::uint64_t attempts_per_particle = 100;
  static constexpr std::uint64_t attempts_more = 10'000;

  /// @throws OptionConflict where the particles do not fit; it names a number and a distance that do
  RandomSource(const ParticleOptions& options, const Box& box);

  std::int64_t count() const override;
  bool consecutive_ids() const override { return true; }

  /// Positions [length], in [0, L); any rows, any number of times. @pre rows have the box's axes and no
  /// parameters
  void read(Range range, ParticleRows& rows) override;
  std::size_t bytes() const override { return place_.capacity() * sizeof(Vec3); }

private:
  int axes_;
  std::vector<Vec3> place_;  // shape (count)
};

}  // namespace orrery
