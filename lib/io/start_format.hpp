/// Formats of files that particles can come from, by their names.
#pragma once

#include <string>

namespace orrery {

enum class StartFormat { h5md, table, xyz, unknown };

/// By the ending, in upper or lower case, and for text that before `.gz`.
StartFormat start_format_of(const std::string& file);

/// The endings, for messages.
inline constexpr const char* start_endings =
    ".h5md, .h5 or .hdf5, or in .csv, .tsv, .txt, .dat, .xyz or .extxyz, perhaps with .gz behind it";

}  // namespace orrery
