/// The noise of a bath, drawn for some particles at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/types.hpp"
#include "integrators/langevin.hpp"
#include "particles/noise.hpp"

namespace orrery {

/// Particles whose noise is drawn at a time: few enough to stay in cache.
inline constexpr std::size_t noise_block = 256;

/// Of the rows of a block, shape (axes, rows).
using BlockNoise = std::array<std::array<double, noise_block>, 3>;

/// Calls `work(first row, rows, noise)` for one block after the other. Local.
/// @param step  by which noise is told apart
/// @param ids   of all rows
template <class Work>
void in_noise_blocks(const LangevinConstants& bath, Range range, std::int64_t step,
                     std::span<const ParticleId> ids, const Work& work) {
  BlockNoise noise{};
  const NoiseStream stream{
      .seed = bath.seed, .purpose = Purpose::thermostat, .step = static_cast<std::uint64_t>(step)};
  const auto end = static_cast<std::size_t>(range.end);
  for (auto first = static_cast<std::size_t>(range.begin); first < end; first += noise_block) {
    const std::size_t count = std::min(noise_block, end - first);
    draw_noise(stream, ids.subspan(first, count), {noise[0].data(), noise[1].data(), noise[2].data()});
    work(first, count, noise);
  }
}

}  // namespace orrery
