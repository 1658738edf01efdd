/// Particles of a file in id order, whatever order the file has them in.
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

/// Reads slice by slice when the ids ascend. Otherwise all rows are read at once and sorted, at 16 bytes per
/// particle on top of the rows.
/// @throws Error (input_data) naming an id that stands twice, and where
std::unique_ptr<ParticleSource> in_id_order(std::unique_ptr<RowReader> reader);

}  // namespace orrery
