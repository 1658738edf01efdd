/// HDF5 files whose parts lie in other files, or whose extents nothing in the file can account for.
#pragma once

#include <cstdint>
#include <string>

#include "io/hdf5_handle.hpp"

namespace orrery {

/// Looks through all groups of an open file. Nothing but hard links and links by name within the file are
/// taken: who wrote a file must not choose which other files of its reader are opened. Opens no data and no
/// other file. Local.
/// @throws Hdf5Error naming the path of an external or user-defined link, of a data set with external
/// storage, or of a virtual one
void refuse_parts_elsewhere(hid_t file);

/// Whether a data set of this path is there, reached by hard links alone, so that it can be read before the
/// rest of the file has been looked through.
/// @throws Hdf5Error as above
bool is_plain_dataset(hid_t file, const std::string& path);

/// How a data set is stored.
struct Storage {
  std::uint64_t stored_bytes = 0;  ///< that the file holds of it
  std::uint64_t chunk_bytes = 0;   ///< of a chunk in memory; 0 where there are none
  std::int64_t chunk_rows = 0;     ///< extent of a chunk along the first axis; 0 where there are none
  bool is_filtered = false;        ///< compressed, or perhaps so

  /// The most that so many stored bytes can be unpacked to [bytes], and something for small data sets.
  double most_bytes() const;
};

/// @throws Hdf5Error naming the data set where its filters are not those of every HDF5 library, or its chunks
/// take more than a GiB
Storage storage_of(const Hdf5Handle& dataset, const std::string& path);

/// Whether the chunk at the start of a row of the first axis is in the file.
bool is_row_stored(const Hdf5Handle& dataset, const Storage& storage, std::int64_t row);

}  // namespace orrery
