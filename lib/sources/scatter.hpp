/// Gives every rank its particles.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "comm/communicator.hpp"
#include "io/particle_shape.hpp"
#include "laws/law.hpp"
#include "observe/bookkeeping.hpp"
#include "particles/box.hpp"
#include "particles/particle_options.hpp"
#include "particles/particle_source.hpp"
#include "particles/particle_store.hpp"

namespace orrery {

/// Where a run's particles come from, as every rank sees it.
struct OpenSource {
  std::int64_t count = 0;
  bool consecutive_ids = true;
  std::size_t sorting_bytes = 0;           ///< that sorting took on this rank
  std::optional<ParticleRows> sorted;      ///< this rank's even part of a file whose ids do not ascend
  bool tells_velocities = true;            ///< false: they are 0, or to be drawn
  bool on_every_rank = false;              ///< each rank makes its own particles
  StoredStart start;                       ///< what a file tells beside its particles; on the root
  std::unique_ptr<ParticleSource> source;  ///< on every rank, or on the root alone
};

/// Opens the source on the ranks that read it, checks it whole, and tells all what it holds. A file whose ids
/// do not ascend is read and sorted over the ranks. Collective.
/// @throws CollectiveError (input_data), for an id that is duplicated too
/// @param box  that generators fill; nothing where they need none
OpenSource open_source(const ParticleOptions& options, const ParticleShape& shape,
                       const std::optional<Box>& box, const Communicator& ranks);

/// Deals the particles out in id order and as evenly as possible. Collective. Generated particles are made
/// where they belong; those of a file are read by the root, slice by slice, and sent on. The source is given
/// up.
/// @param books  told what is held meanwhile: the columns that are filled, the rows on their way, and the
/// source
ParticleStore scatter(OpenSource& source, const ParticleShape& shape, const Communicator& ranks,
                      Bookkeeping& books);

}  // namespace orrery
