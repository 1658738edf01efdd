/// Data sets as a trajectory has them: tables of rows that grow by one with every frame.
#pragma once

#include <span>
#include <string>

#include "io/frame_layout.hpp"
#include "io/hdf5_handle.hpp"

namespace orrery {

/// How numbers stand in a file: little-endian.
hid_t file_type(ElementType type);
/// How the same numbers stand in memory.
hid_t memory_type(ElementType type);

/// Properties of a new data set: without time stamps, and without fill values before the data.
Hdf5Handle dataset_properties();

/// Numbers per chunk of a series of single numbers.
inline constexpr hsize_t numbers_per_chunk = 256;

/// A data set without rows that may grow. Local; throws `Hdf5Error`.
/// @param row    extents of one row; empty for single numbers
/// @param chunk  extents of a chunk, rows first
Hdf5Handle create_series(hid_t group, const std::string& name, std::span<const hsize_t> row, ElementType type,
                         std::span<const hsize_t> chunk);

/// Writes a block of a data set. `what` heads the message of a failure. Local; throws `Hdf5Error`.
void write_block(const Hdf5Handle& dataset, ElementType type, std::span<const hsize_t> start,
                 std::span<const hsize_t> count, const void* data, const std::string& what);

/// Adds row number `index` to a series that has `index` rows. `row` as for `create_series`. Throws
/// `Hdf5Error`.
void append_row(const Hdf5Handle& series, ElementType type, hsize_t index, std::span<const hsize_t> row,
                const void* data, const std::string& what);

/// Reads a block of a data set, converted to `type`. Local; throws `Hdf5Error`.
/// @param data  room for all numbers of the block
void read_block(const Hdf5Handle& dataset, ElementType type, std::span<const hsize_t> start,
                std::span<const hsize_t> count, void* data, const std::string& what);

}  // namespace orrery
