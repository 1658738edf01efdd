/// What the comment line of an extended XYZ frame says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "particles/stored_start.hpp"

namespace orrery {

/// Its words "key=value" by key in lower case; values may stand in quotes or braces. Other words are left
/// out.
std::map<std::string, std::string> xyz_words(std::string_view comment);

/// Names of the columns of `Properties`: x, y, z for `pos`, vx, vy, vz for velocities, `species` for an
/// integer `type`, and `element` for names beside it; others with _1, _2, ... where they have several
/// numbers.
/// @throws TextProblem
std::vector<std::string> xyz_columns(const std::string& properties);

/// The box by `Lattice`, `Origin` and `pbc`; nothing without a lattice. @throws TextProblem
std::optional<StoredBox> xyz_box(const std::map<std::string, std::string>& words);

}  // namespace orrery
