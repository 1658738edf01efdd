/// Whether every particle is there, once.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "comm/communicator.hpp"

namespace orrery {

/// A particle that is not there once.
struct Miscount {
  std::int64_t id = 0;
  std::int64_t copies = 0;           ///< over all ranks; 0: it is lost
  std::array<double, 3> position{};  ///< of one of the copies [length]
  std::array<int, 2> ranks{-1, -1};  ///< that have copies, the lowest two; -1: none
};

/// Counts the particles of all ranks, which are to have the ids from 0 on. Every check takes one reduction of
/// two numbers, and sees any number of particles that are lost, doubled or renamed: the chance that their
/// hashes add up all the same is 2^-64.
class Census {
public:
  /// Local. @param count  particles of all ranks
  Census(const Communicator& ranks, std::int64_t count, int threads = 1);

  /// Whether all are there. Collective; the same on all ranks.
  /// @param ids  of this rank's particles, in any order
  bool is_complete(std::span<const std::int64_t> ids) const;

  /// The lowest id of a particle that is not there once, if any. For when `is_complete` says no: ids and
  /// positions of all particles are sent to another rank. Collective; the same on all ranks.
  /// @param positions  of this rank's particles, rows of four numbers [length]
  std::optional<Miscount> find_miscount(std::span<const std::int64_t> ids, const double* positions) const;

private:
  const Communicator& ranks_;
  std::int64_t count_;
  int threads_;
  std::uint64_t expected_ = 0;  ///< sum of the hashes of this rank's even part
};

}  // namespace orrery
