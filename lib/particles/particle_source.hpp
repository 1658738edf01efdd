/// Where particles come from: a generator or a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/types.hpp"
#include "particles/particle_store.hpp"
#include "particles/stored_start.hpp"

namespace orrery {

/// Particles, in id order where that costs nothing, read slice by slice, so that no rank needs to hold them
/// all.
class ParticleSource {
public:
  ParticleSource() = default;
  ParticleSource(const ParticleSource&) = delete;
  ParticleSource& operator=(const ParticleSource&) = delete;
  virtual ~ParticleSource() = default;

  /// Particles in all.
  virtual std::int64_t count() const = 0;

  /// Whether rows are in the order of ids. If not, they come in that of the file.
  virtual bool is_sorted() const { return true; }

  /// Where a row of a file stands, for messages: "line 7"; and the file itself.
  virtual std::string place_of(std::int64_t row) const { return "row " + std::to_string(row); }
  virtual std::string file() const { return {}; }

  /// Whether ids are first, first + 1, ... so that they need not be stored or sent.
  virtual bool consecutive_ids() const = 0;

  /// Fills `rows` with the particles of some rows. A file is read by one rank, from front to back: each call
  /// begins where the one before ended. A generator is asked on every rank, for any rows.
  /// @throws Error (input_data) for a file whose contents are at fault.
  virtual void read(Range range, ParticleRows& rows) = 0;

  /// What a file tells beside its particles; nothing for generators.
  virtual const StoredStart& start() const {
    static const StoredStart nothing;
    return nothing;
  }

  /// Bytes of the rows that it holds; 0 where it makes or reads them as they are asked for.
  virtual std::size_t bytes() const { return 0; }
};

}  // namespace orrery
