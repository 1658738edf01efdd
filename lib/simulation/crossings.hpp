/// How often particles have crossed the ends of periodic axes, kept where frames are made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "comm/communicator.hpp"
#include "core/even_split.hpp"

namespace orrery {

/// Periods along each axis by which a particle's unwrapped position is above its position in the box.
using ImageNumbers = std::array<std::int32_t, 3>;

/// Nothing travels with particles: the rank on which one crosses notes it, and now and then tells the rank
/// that has the particle in the even split by ids. Numbers are whole, so it does not matter which rank
/// counted what.
class Crossings {
public:
  struct Crossing {
    std::int64_t id = 0;  ///< place in the order of ids
    ImageNumbers by{};
    std::int32_t is_lasting = 1;  ///< 0: seen for a frame, and seen again later
  };

  /// `ranks` has to outlive this object. Local.
  /// @param start  of this rank's even part of `count` particles
  Crossings(const Communicator& ranks, std::int64_t count, std::vector<ImageNumbers> start);

  /// Notes crossings on this rank. Local.
  void note(std::span<const Crossing> crossings);

  /// Brings what ranks have noted to where it belongs. Collective.
  void settle() { static_cast<void>(at_frame({})); }

  /// The numbers of this rank's even part. Collective.
  /// @param pending  crossings since the last that was noted, which are noted later
  std::vector<ImageNumbers> at_frame(std::span<const Crossing> pending);

  std::size_t bytes() const;

private:
  const Communicator& ranks_;
  EvenSplit split_;
  std::vector<ImageNumbers> numbers_;
  std::unordered_map<std::int64_t, ImageNumbers> noted_;
};

}  // namespace orrery
