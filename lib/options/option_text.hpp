/// Options as text for people and for files.
#pragma once

#include <set>
#include <string>

#include "core/option_set.hpp"

namespace orrery {

/// A help page: every option with default, unit, what it accepts and what it is for, by section.
std::string help_text(const OptionSet& options);

/// The values as an INI file that sets them again.
/// @param left_out  keys without effect on this run
std::string config_text(const OptionSet& options, const std::set<std::string>& left_out);

}  // namespace orrery
