/// Reading files that may be foreign or damaged: every answer is checked, none is taken for granted.
///
/// The library itself may crash or never return on a damaged file; whoever opens files of strangers does it
/// in a child process (`core/guard.hpp`).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/frame_layout.hpp"
#include "io/hdf5_handle.hpp"

namespace orrery {

/// Opens a file for reading, also one that is being written. Local.
/// @throws Error (input_data) "'<path>': <problem>" when there is no such file, when it is not an HDF5 file,
/// or when parts of it lie in other files
Hdf5Handle open_for_reading(const std::string& path);
/// The same, where messages call the file something else than its path in quotes.
Hdf5Handle open_for_reading(const std::string& path, const std::string& called);
/// The same without a search for parts in other files, which whoever opens it so still has to make.
Hdf5Handle open_unsearched(const std::string& path, const std::string& called);

/// Names in a group, in alphabetical order; empty where there is no such group.
std::vector<std::string> names_in(hid_t parent, const std::string& group);

/// Whether there is a group, or a data set, of this path.
bool is_group(hid_t parent, const std::string& path);
bool is_dataset(hid_t parent, const std::string& path);

Hdf5Handle open_dataset(hid_t parent, const std::string& path);

/// The type of a data set as we read it; nothing for what is no plain number of 4 or 8 bytes.
std::optional<ElementType> element_type_of(const Hdf5Handle& dataset);

/// Attributes of an object by name, as text: numbers are spelled out, several values have ", " between them.
/// What is neither text nor number is left out. Empty where there is no such object.
using Attributes = std::vector<std::pair<std::string, std::string>>;
Attributes attributes_of(hid_t parent, const std::string& path);

/// The texts of an attribute: as many as it has elements. Empty where there is none.
std::vector<std::string> texts_of(hid_t parent, const std::string& path, const std::string& attribute);

/// A single whole number in an attribute or in a data set; nothing where there is none or it is something
/// else.
std::optional<std::int64_t> whole_number_of(hid_t parent, const std::string& path,
                                            const std::string& attribute);
std::optional<std::int64_t> whole_number_in(hid_t parent, const std::string& dataset);

/// A text data set; empty where there is none.
std::string text_in(hid_t parent, const std::string& dataset);

}  // namespace orrery
