/// Names that a misspelt one may have been meant for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace orrery {

/// How many letters have to be added, left out or changed to make one text of another.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to a misspelt name by edit distance; empty when none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace orrery
