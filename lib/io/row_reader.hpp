/// Particles of a file, row by row.
#pragma once

#include <memory>

#include "particles/particle_source.hpp"

namespace orrery {

/// Rows of a file in the order in which they stand there.
class RowReader {
public:
  RowReader() = default;
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;
  virtual ~RowReader() = default;

  virtual std::int64_t count() const = 0;
  /// Whether the file names ids. If not, row k is particle k.
  virtual bool has_ids() const = 0;
  /// The next rows. @throws Error (input_data)
  virtual void read_next(std::int64_t count, ParticleRows& rows) = 0;
  /// Starts over from the first row.
  virtual void rewind() = 0;
  /// Where a row stands, for messages: "line 7", "row 6".
  virtual std::string place_of(std::int64_t row) const = 0;
  virtual int axes() const = 0;
  virtual int parameters() const = 0;
  virtual const std::string& file() const = 0;
  /// What the file tells beside its rows.
  virtual const StoredStart& start() const {
    static const StoredStart nothing;
    return nothing;
  }
};

/// Looks at all rows once, so that a file is at fault as a whole before any of it is used, and reads them
/// slice by slice.
std::unique_ptr<ParticleSource> source_of(std::unique_ptr<RowReader> reader);

}  // namespace orrery
