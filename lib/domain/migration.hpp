/// Particles that move from rank to rank.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "core/even_split.hpp"
#include "particles/particles.hpp"

namespace orrery {

/// Gives every owned particle, with all its state, to the rank that owns it from now on. Rows of particles
/// that leave are taken by those that come, or by the last ones. Drops the ghosts. Collective.
/// @param owner  rank of each owned particle, shape (owned)
/// @return the rows of particles that have come
std::vector<std::size_t> migrate(const Communicator& ranks, Particles& particles, std::span<const int> owner,
                                 int threads);

/// Called for rows of this rank's even part, on all threads at once.
using TakeRecord = std::function<void(std::size_t row, const std::byte* record)>;

/// Brings some columns of all particles into the order of their global indices, each rank's even part to that
/// rank. The particles themselves stay where they are. Collective.
/// @param record  the columns; the first is `index`
/// @param index   global index, one for each particle
/// @param take    called once for each row of this rank's part that there is a particle of
/// @return the lowest index in this rank's part that is not there once; -1: all are
std::int64_t gather_by_index(const Communicator& ranks, const Particles& particles,
                             const ParticleRecord& record, Column<std::int64_t> index, EvenSplit split,
                             int threads, const TakeRecord& take);

}  // namespace orrery
