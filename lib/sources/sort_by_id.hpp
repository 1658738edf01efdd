/// Particles of a file whose ids do not ascend, sorted over the ranks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "comm/communicator.hpp"
#include "core/even_split.hpp"
#include "particles/particle_store.hpp"

namespace orrery {

/// Rows in the order of ids.
struct SortedRows {
  ParticleRows rows;            ///< this rank's even part
  bool consecutive_ids = true;  ///< whether all ranks' ids count up by one; the same on all ranks
  std::size_t bytes = 0;        ///< that sorting took on this rank, with the rows themselves
};

/// Two rows of a file with one id.
struct DuplicateId {
  std::uint64_t id = 0;
  std::int64_t first = 0, second = 0;  ///< rows of the file
};

/// Sorts by id, so that every rank ends with its even part and holds no more than two of them meanwhile. The
/// bounds between the ranks' parts are found by bisecting the ids, one reduction for each bit; then every row
/// travels once. Collective.
/// @param rows       this rank's even part of the file's rows
/// @param duplicate  set, on all ranks alike, to the lowest id that is duplicated; what is returned is then
/// of
///                   no use
SortedRows sort_by_id(const Communicator& ranks, EvenSplit split, ParticleRows rows,
                      std::optional<DuplicateId>& duplicate);

}  // namespace orrery
